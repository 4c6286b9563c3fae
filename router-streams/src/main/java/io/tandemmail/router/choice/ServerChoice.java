package io.tandemmail.router.choice;

import io.tandemmail.model.parity.Eligibility;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.settings.Priority;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.submission.Assignment;
import io.tandemmail.model.submission.Role;
import io.tandemmail.model.wire.HomePartition;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Primary or secondary. Each server in order takes the messages whose percentile falls in its share, and leaves the rest to
 * the next one; what all have left goes to the one that takes most. Mail of high priority leaves a slow server alone while
 * another is well. Where nobody is in service the message waits in the
 * primary's lane, where workers hold it: a message that is nowhere cannot be counted. Who may take mail is {@link Eligibility}'s.
 */
public final class ServerChoice {
  private ServerChoice() {}

  public static Assignment choose(RouteSettings route, String messageId, HealthView health) {
    boolean mayLeaveSlow =
        route.priority() == Priority.HIGH && anotherIsWell(route, messageId, health);
    @Nullable ServerHealth most = null;
    for (String id : route.serversInOrder()) {
      ServerHealth server = health.of(id);
      if (!Eligibility.of(route, messageId, server) || mayLeaveSlow && server.slow()) {
        continue;
      }
      if (percentile(route, messageId, id) < share(route, server)) {
        return assignment(route, server);
      }
      if (most == null || share(route, server) > share(route, most)) {
        most = server;
      }
    }
    return assignment(route, most == null ? health.of(route.primary()) : most);
  }

  /**
   * As {@link #choose(RouteSettings, String, HealthView)}, but another server where the choice falls on one to avoid and
   * another is in service. A secondary comes before the primary, since the share of a primary that is coming back was
   * decided already; and the one to avoid is better than none.
   */
  public static Assignment choose(
      RouteSettings route, String messageId, HealthView health, Optional<String> avoid) {
    Assignment usual = choose(route, messageId, health);
    if (avoid.filter(usual.server()::equals).isEmpty()) {
      return usual;
    }
    Stream<Assignment> secondaries =
        route.secondaries().stream()
            .map(health::of)
            .filter(secondary -> Eligibility.of(route, messageId, secondary))
            .map(secondary -> assignment(route, secondary));
    Stream<Assignment> primary =
        Stream.of(health.of(route.primary()))
            .filter(main -> Eligibility.of(route, messageId, main))
            .map(inService -> assignment(route, inService));
    return Stream.concat(secondaries, primary)
        .filter(other -> !other.server().equals(usual.server()))
        .findFirst()
        .orElse(usual);
  }

  /** One that is as it should be, which is also not one on its way back. */
  private static boolean anotherIsWell(RouteSettings route, String messageId, HealthView health) {
    for (String id : route.serversInOrder()) {
      ServerHealth server = health.of(id);
      if (server.state() == ServerState.UP
          && !server.slow()
          && Eligibility.of(route, messageId, server)) {
        return true;
      }
    }
    return false;
  }

  /** What a returning server takes has nothing to do with priorities, what an overloaded one sheds has. */
  private static int share(RouteSettings route, ServerHealth server) {
    return server.state() == ServerState.OVERLOADED
        ? route.priority().shareOf(server.share())
        : server.share();
  }

  /**
   * Back to a server that may have the message already, while it is in service and the route still has it: no other can know
   * the message again. Else as {@link #choose(RouteSettings, String, HealthView)}.
   */
  public static Assignment again(
      RouteSettings route, String messageId, HealthView health, String server) {
    ServerHealth known = health.of(server);
    return route.serversInOrder().contains(server) && Eligibility.of(route, messageId, known)
        ? assignment(route, known)
        : choose(route, messageId, health);
  }

  /** Another for each server: what one leaves is spread over all percentiles of the next. */
  private static int percentile(RouteSettings route, String messageId, String server) {
    return HomePartition.percentile(
        server.equals(route.primary()) ? messageId : server + "/" + messageId);
  }

  private static Assignment assignment(RouteSettings route, ServerHealth health) {
    Role role = health.server().equals(route.primary()) ? Role.PRIMARY : Role.SECONDARY;
    return new Assignment(health.server(), role, health.epoch());
  }
}
