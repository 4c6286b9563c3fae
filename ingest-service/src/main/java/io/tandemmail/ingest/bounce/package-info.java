/**
 * Reports that come in after mail was handed on: delivery status notifications (RFC 3464) and complaints (RFC 5965). Read
 * with mime4j under limits; every word of them is a stranger's and is believed only as far as a message of ours bears it
 * out (docs/bounces.md).
 */
@PureCore
@NullMarked
package io.tandemmail.ingest.bounce;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
