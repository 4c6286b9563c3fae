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
    List<Outcome> bounces =
        outcomes.stream().filter(outcome -> outcome.type() == OutcomeType.BOUNCED).toList();
    List<Consequence> consequences = new ArrayList<>();
    if (route.bounces().suppressHardBounces()) {
      bounces.stream()
          .filter(BadMailbox::isSaidBy)
          .forEach(
              bounce -> consequences.add(new Consequence.Suppress(Suppression.hardBounce(bounce))));
    }
    if (route.bounces().dsn() == Dsn.FAILURES) {
      DeliveryReport.of(facts, value, bounces, reportingMta)
          .forEach(report -> consequences.add(new Consequence.Notify(report)));
    }
    return consequences;
  }
}
