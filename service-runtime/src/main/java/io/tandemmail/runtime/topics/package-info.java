/**
 * The topics Tandem needs, with explicit settings: what is wanted (pure), how that differs from what is there (pure), and
 * the calls that make it so. Nothing is ever created by accident, and nothing that holds mail is ever altered by force.
 */
@NullMarked
package io.tandemmail.runtime.topics;

import org.jspecify.annotations.NullMarked;
