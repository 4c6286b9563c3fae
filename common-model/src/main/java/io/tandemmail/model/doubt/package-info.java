/**
 * Recipients in doubt: what a route wants done about them, and what an operator says of those that wait for one.
 *
 * <p>In doubt is a recipient whose final dot was sent and whose reply was never read (RFC 1047): to send again may make a
 * second copy, not to send again may lose the mail, and nobody but the server's operator can know which.
 */
@PureCore
@NullMarked
package io.tandemmail.model.doubt;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
