/**
 * Asks the brokers for the settings that the rules of {@code model.safety} judge. Acting only: it reads, within a few
 * seconds, and says what it could not read; it refuses nothing and alters nothing.
 */
@NullMarked
package io.tandemmail.runtime.safety;

import org.jspecify.annotations.NullMarked;
