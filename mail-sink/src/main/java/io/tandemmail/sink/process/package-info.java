/**
 * The sink as a process of its own: what its command line says, and the port that steers it from outside.
 *
 * <p>In: words, HTTP requests. Out: a configured {@link io.tandemmail.sink.MailSink}. Nothing here speaks SMTP.
 */
@NullMarked
package io.tandemmail.sink.process;

import org.jspecify.annotations.NullMarked;
