package io.tandemmail.worker.policy;

import io.tandemmail.model.bounce.BadMailbox;
import io.tandemmail.model.bounce.DeliveryReport;
import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.RouteSettings.Dsn;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.suppression.Suppression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a bounce brings with it besides its outcome, as the route has it: a report to the sender, an entry in the
 * suppression list. To be written before the outcome: once that stands, nobody comes back to this attempt. Written twice
 * it does no more than once.
 */
public final class Aftermath {
  private final Map<String, RouteSettings> routes;
  private final String reportingMta;

  /** @param reportingMta this host's name, as reports give it */
  public Aftermath(Map<String, RouteSettings> routes, String reportingMta) {
    this.routes = Map.copyOf(routes);
    this.reportingMta = reportingMta;
  }

  /** One more record to append. */
  public sealed interface Consequence {
    record Notify(DeliveryReport.Submission report) implements Consequence {}

    record Suppress(Suppression entry) implements Consequence {}
  }

  /** @param value the submission's bytes */
  public List<Consequence> of(MessageFacts facts, byte[] value, List<Outcome> outcomes) {
    RouteSettings route = routes.get(facts.route());
    if (route == null) {
      return List.of();
    }
    List<Consequence> consequences = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      if (outcome.type() != OutcomeType.BOUNCED) {
        continue;
      }
      if (route.bounces().suppressHardBounces() && BadMailbox.isSaidBy(outcome)) {
        consequences.add(new Consequence.Suppress(Suppression.hardBounce(outcome)));
      }
      if (route.bounces().dsn() == Dsn.FAILURES) {
        DeliveryReport.of(facts, value, outcome, reportingMta)
            .map(Consequence.Notify::new)
            .ifPresent(consequences::add);
      }
    }
    return consequences;
  }
}
