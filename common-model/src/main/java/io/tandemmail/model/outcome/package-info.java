/**
 * What became of an attempt, per recipient, and its JSON on {@code mail.outcomes}.
 */
@PureCore
@NullMarked
package io.tandemmail.model.outcome;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
