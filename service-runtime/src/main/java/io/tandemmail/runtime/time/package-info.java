/**
 * Wall time without jumps.
 *
 * <p>In: the machine's clock and the monotonic one. Out: Unix time. Always: never backwards, and a jump of the machine's clock ends no
 * message's time and starts no retry late.
 */
@NullMarked
package io.tandemmail.runtime.time;

import org.jspecify.annotations.NullMarked;
