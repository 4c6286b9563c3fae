/**
 * Rehearsing failover on the running system: what is wanted ({@link io.tandemmail.model.drill.DrillPlan}), what is counted
 * meanwhile ({@link io.tandemmail.model.drill.DrillTally}), what it must keep ({@link
 * io.tandemmail.model.drill.DrillBounds}) and what was found ({@link io.tandemmail.model.drill.DrillReport}). What a drill
 * does to routing while it lasts is {@link io.tandemmail.model.server.Drill}.
 */
@PureCore
@NullMarked
package io.tandemmail.model.drill;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
