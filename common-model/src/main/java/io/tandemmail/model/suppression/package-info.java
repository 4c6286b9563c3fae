/**
 * The suppression list: addresses that get no mail any more, and why. An entry is what stands under its address on
 * {@code mail.suppressions}; a tombstone takes it away (docs/bounces.md).
 */
@PureCore
@NullMarked
package io.tandemmail.model.suppression;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
