/**
 * SMTP as a server reads it: lines, content, commands, paths, credentials. The mail sink and the ingest service's listener
 * stand on it.
 *
 * <p>In: bytes and lines of a client. Out: values. Only {@link io.tandemmail.smtp.server.SmtpInput} reads from a stream; the
 * rest is functions. Nothing here knows what is answered.
 */
@NullMarked
package io.tandemmail.smtp.server;

import org.jspecify.annotations.NullMarked;
