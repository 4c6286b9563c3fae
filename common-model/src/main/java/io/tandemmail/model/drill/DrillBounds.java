package io.tandemmail.model.drill;

import io.tandemmail.model.server.Drill;
import io.tandemmail.model.settings.HealthSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a drill must keep to pass.
 *
 * @param detection of a loss, or of an overload
 * @param takeover until the secondary delivers
 * @param restore until the primary has its share again
 */
public record DrillBounds(Duration detection, Duration takeover, Duration restore) {

  /** Also for a server that falls silent. */
  private static final Duration PROMISED = Duration.ofSeconds(3);

  private static final Duration BACK_SPARE = Duration.ofSeconds(30);

  /** Shares move in steps of a second, and it takes the third one in a row that is too much to cut one. */
  private static final Duration SHED = Duration.ofSeconds(5);

  /** Given back from the smallest share there is within forty seconds, whatever the ramp of one that was away. */
  private static final Duration SHARE_BACK = Duration.ofSeconds(60);

  /** Takeover as it is promised; the way back as the configuration lets it be, with something to spare. */
  public static DrillBounds of(HealthSettings health, Drill.Kind kind) {
    Duration probes = health.probeInterval().multipliedBy(health.upAfterSuccesses());
    Duration back = health.coolDownMin().plus(probes).plus(health.ramp());
    return switch (kind) {
      case PRIMARY_LOSS, DRAIN -> new DrillBounds(PROMISED, PROMISED, back.plus(BACK_SPARE));
      case OVERLOAD -> new DrillBounds(SHED, SHED.plus(PROMISED), SHARE_BACK);
    };
  }

  /** In words, whatever the figures miss; empty: passed. */
  public List<String> missed(DrillPlan plan, DrillFigures figures) {
    List<String> missed = new ArrayList<>();
    if (figures.detection().isEmpty()) {
      missed.add(
          switch (plan.kind()) {
            case PRIMARY_LOSS -> "the loss of " + plan.primary() + " was not detected";
            case DRAIN -> "the order did not reach the routers";
            case OVERLOAD -> plan.primary() + " did not shed any share";
          });
    } else {
      late(figures.detection(), detection, "detection").ifPresent(missed::add);
    }
    if (figures.firstBySecondary().isEmpty()) {
      missed.add(
          figures.accepted() == 0 && figures.moved() == 0
              ? "no mail of the route flowed or waited, so nothing was rehearsed; run it under load"
              : "no secondary delivered anything");
    } else {
      late(figures.firstBySecondary(), takeover, "the first delivery by a secondary")
          .ifPresent(missed::add);
    }
    if (figures.restored().isEmpty()) {
      missed.add(plan.primary() + " has not got its whole share back; see tandem status");
    } else {
      late(figures.restored(), restore, "the way back").ifPresent(missed::add);
    }
    count(figures.unfinished(), "without a final outcome").ifPresent(missed::add);
    count(figures.duplicates(), "delivered twice").ifPresent(missed::add);
    return missed;
  }

  private static Optional<String> late(Optional<Duration> took, Duration bound, String what) {
    return took.filter(time -> time.compareTo(bound) > 0)
        .map(time ->
            "%s took %d ms, more than %d ms".formatted(what, time.toMillis(), bound.toMillis()));
  }

  private static Optional<String> count(int recipients, String what) {
    return recipients == 0
        ? Optional.empty()
        : Optional.of(recipients + (recipients == 1 ? " recipient " : " recipients ") + what);
  }
}
