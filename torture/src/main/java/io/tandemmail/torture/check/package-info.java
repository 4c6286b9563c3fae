/**
 * Joins what was accepted, what the sinks took, what the events say and what was done to the cluster, and says whether nothing
 * was lost and every second copy is explained (docs/reliability.md).
 *
 * <p>In: those four, noted in any order. Out: a {@link io.tandemmail.torture.check.Verdict}. Always: what cannot be explained
 * is counted against Tandem. Pure: no file, no clock.
 */
@PureCore
@NullMarked
package io.tandemmail.torture.check;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
