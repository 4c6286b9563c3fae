/**
 * The peer: two relays of Debian's Postfix under the same faults, with the same sinks, proxies and checker.
 *
 * <p>In: the options of a run. Out: the same report. What only Tandem has (brokers, workers' leases, poison) is left out of the plan.
 */
@NullMarked
package io.tandemmail.torture.postfix;

import org.jspecify.annotations.NullMarked;
