/**
 * What {@code tandem check} found, as a table for people and as JSON for machines. Nothing here asks anybody.
 */
@NullMarked
package io.tandemmail.standalone.check;

import org.jspecify.annotations.NullMarked;
