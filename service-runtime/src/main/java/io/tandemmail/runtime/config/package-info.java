/**
 * The configuration while it runs: the file is read again when it changes, and what was derived from it is replaced, all of
 * it or nothing. {@link io.tandemmail.model.settings.SettingsChange} says what needs a restart instead.
 */
@NullMarked
package io.tandemmail.runtime.config;

import org.jspecify.annotations.NullMarked;
