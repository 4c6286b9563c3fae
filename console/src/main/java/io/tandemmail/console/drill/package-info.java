/** Drills as they are run: orders given, topics watched, reports written. What counts is decided in {@code model.drill}. */
@NullMarked
package io.tandemmail.console.drill;

import org.jspecify.annotations.NullMarked;
