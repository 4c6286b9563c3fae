/**
 * The cluster's one opinion of each mail server (I8). In: what workers observe, what operators order, the time. Out: the
 * next state and, when it changed, the {@code ServerHealth} to publish.
 *
 * <pre>
 *            failures ≥ down-after-failures                     probes ≥ up-after-successes, cool-down over
 *   UP ───────────────────────────────────▶ DOWN ───────────────────────────────────────▶ RECOVERING
 *    ▲                                       ▲  │ each flap doubles the cool-down                │  │
 *    │                                       └──┼──────────────── failures ──────────────────────┘  │
 *    └──────────────────────────────────────────┼──────────────── ramp over ────────────────────────┘
 *   operator: drain ▶ DRAINED, down ▶ DOWN (held), resume ▶ RECOVERING
 * </pre>
 *
 * <p>Always: the epoch grows with every published change; a server returns only through probes and a ramp; recipient-level
 * replies never arrive here.
 */
@PureCore
@NullMarked
package io.tandemmail.router.health;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
