/**
 * Mail that could not be delivered: the report its sender gets (RFC 3464), whether a mailbox is known to be bad, and the
 * Message-ID by which a report that comes in later finds its message.
 */
@PureCore
@NullMarked
package io.tandemmail.model.bounce;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
