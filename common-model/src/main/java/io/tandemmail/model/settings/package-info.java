/**
 * {@code tandem.yaml} as types. Reading reports every problem at once, with file, line and a suggestion.
 */
@PureCore
@NullMarked
package io.tandemmail.model.settings;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
