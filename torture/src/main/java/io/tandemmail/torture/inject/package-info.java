/**
 * Does to the rig what the plan says, and mends it again.
 *
 * <p>In: a fault. Out: what was done and when, and what it may excuse: only what a fault was aimed at. Always: when a fault is
 * over, everything that it broke runs again, or the account says that it does not.
 */
@NullMarked
package io.tandemmail.torture.inject;

import org.jspecify.annotations.NullMarked;
