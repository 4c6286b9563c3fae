/**
 * What a header field and a MIME parameter may hold (RFC 5322, RFC 2045), and the templates a route's own fields are made of.
 *
 * <p>In: text from users and configuration. Out: the reason why it cannot be used, with the remedy, or nothing. What passes
 * here cannot end a line, so no field can add another one.
 */
@PureCore
@NullMarked
package io.tandemmail.model.mime;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
