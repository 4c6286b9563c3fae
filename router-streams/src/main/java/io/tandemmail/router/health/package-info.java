/**
 * The cluster's one opinion of each mail server (I8). In: what workers observe, what operators order, the time. Out: the
 * next state and, when it changed, the {@code ServerHealth} to publish.
 *
 * <pre>
 *                    too much (drain time, latency)
 *   UP ──────────────────────────────────────────▶ OVERLOADED ──┐ share cut and given back,
 *   │▲ ◀──────────── share back at 100 ───────────  │   ▲   ▲   │ a step a second
 *   ││                                              │   │   └───┘
 *   ││ ramp over                             faults │   │ too much
 *   ││                                              │   │
 *   │└───────────────────────────── RECOVERING ─────┼───┘
 *   │                                 │      ▲      │
 *   │ faults                   faults │      │ cool-down over, probes in a row
 *   ▼                                 ▼      │      │
 *  DOWN ◀─────────────────────────────┴──── DOWN ◀──┘
 *
 *  operator: drain ▶ DRAINED, down ▶ DOWN (held), resume ▶ RECOVERING, or DOWN if it is failing now
 *  faults: down-after-failures in a row over all reporters, or twice as many of late and at least half of all mail;
 *          and at least half of the reporters see some
 * </pre>
 *
 * <p>Always: the epoch grows with every published change; a server returns only through probes and a ramp; a fall soon
 * after a return doubles the cool-down, one on the way back doubles it twice; an overloaded server keeps a share of 10 at
 * least; recipient-level replies never arrive here.
 *
 * <p>{@code HealthMachine} is the states, {@code Votes} says whether the reporters find a server failing, {@code Overload}
 * how much it may take, {@code Slowness} whether mail of high priority should wait for it.
 */
@PureCore
@NullMarked
package io.tandemmail.router.health;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
