/**
 * SMTP as the sink reads it: lines, content, commands, paths, credentials.
 *
 * <p>In: bytes and lines of a client. Out: values. Only {@link io.tandemmail.sink.wire.SmtpInput} reads from a stream; the
 * rest is functions. Nothing here knows what the sink answers.
 */
@NullMarked
package io.tandemmail.sink.wire;

import org.jspecify.annotations.NullMarked;
