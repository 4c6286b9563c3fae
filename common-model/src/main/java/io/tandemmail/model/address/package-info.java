/**
 * RFC 5321 addresses. In: text from users and records. Out: an {@code EmailAddress} that cannot carry CR, LF or SMTP
 * parameters, or the reason why not.
 */
@PureCore
@NullMarked
package io.tandemmail.model.address;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
