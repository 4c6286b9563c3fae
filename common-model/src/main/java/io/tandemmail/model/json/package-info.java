/**
 * One JSON factory for every wire format, with limits on depth, numbers and names, and the few calls the formats share.
 */
@PureCore
@NullMarked
package io.tandemmail.model.json;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
