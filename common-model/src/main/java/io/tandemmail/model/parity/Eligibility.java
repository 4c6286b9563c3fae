package io.tandemmail.model.parity;

import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.RouteSettings.Parity.Demand;

/**
 * Whether a server may take mail of a route now. Asked by the router when it chooses and by the worker's send gate: if they
 * disagreed, mail would go back and forth between them.
 */
public final class Eligibility {
  private Eligibility() {}

  /** In service, not rehearsed away, and not a secondary that drift keeps from a route that requires parity. */
  public static boolean of(RouteSettings route, String messageId, ServerHealth health) {
    return health.takes(route.id(), messageId) && !barred(route, health);
  }

  /** The same whatever is rehearsed. */
  public static boolean outsideDrills(RouteSettings route, ServerHealth health) {
    return health.inService() && !barred(route, health);
  }

  private static boolean barred(RouteSettings route, ServerHealth health) {
    return route.parity().demand() == Demand.REQUIRED
        && route.secondaries().contains(health.server())
        && health.drift().stream()
            .anyMatch(drift -> drift.isProblem() && drift.route().equals(route.id()));
  }
}
