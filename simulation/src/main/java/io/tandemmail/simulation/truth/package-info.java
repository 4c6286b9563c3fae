/** What really happened, written down by the world itself, and the invariants I1 to I8 that it is held to. */
@NullMarked
package io.tandemmail.simulation.truth;

import org.jspecify.annotations.NullMarked;
