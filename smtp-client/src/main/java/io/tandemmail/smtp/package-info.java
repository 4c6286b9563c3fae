/**
 * The port between delivering and SMTP: what to send, and what the server said or failed to say, unjudged. Nothing here
 * decides what a reply means; that is {@code worker.policy}.
 */
@NullMarked
package io.tandemmail.smtp;

import org.jspecify.annotations.NullMarked;
