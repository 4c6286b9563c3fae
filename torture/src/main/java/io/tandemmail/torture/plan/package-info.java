/**
 * Which faults, when, for how long and against what: a pure function of the seed, so that a run can be repeated.
 *
 * <p>In: a seed, how many, which kinds, the time there is. Out: a schedule. Always: one fault after the other, so that what is
 * seen can be put down to one of them; the last ends before the load does.
 */
@PureCore
@NullMarked
package io.tandemmail.torture.plan;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
