/** Small help with words for people. */
@PureCore
@NullMarked
package io.tandemmail.model.text;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
