/** The counts that must add up (I3): accepted = final + waiting, per route. */
@PureCore
@NullMarked
package io.tandemmail.model.conservation;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
