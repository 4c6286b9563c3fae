/**
 * What operators see: servers, lanes and routes, read from Kafka and nowhere else, so the console has no state to lose. It
 * writes only {@code mail.server-commands}.
 */
@NullMarked
package io.tandemmail.console;

import org.jspecify.annotations.NullMarked;
