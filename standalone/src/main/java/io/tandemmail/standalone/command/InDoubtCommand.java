package io.tandemmail.standalone.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tandemmail.model.json.Json;
import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.Outcome.LanePosition;
import io.tandemmail.model.outcome.OutcomeJson;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.TopicScan;
import io.tandemmail.standalone.doubt.Doubts;
import io.tandemmail.standalone.doubt.Doubts.Doubt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code in-doubt list} and {@code resolve}. */
@Command(
    name = "in-doubt",
    description = "Deliveries whose last reply never came: the mail may have arrived twice.",
    mixinStandardHelpOptions = true,
    subcommands = ResolveCommand.class)
public final class InDoubtCommand {

  @Command(
      name = "list",
      description = "Each of them, with what became of it since.",
      mixinStandardHelpOptions = true)
  int list(
      @Mixin ConfigOption config,
      @Option(
              names = "--hours",
              defaultValue = "24",
              paramLabel = "N",
              description = "how far back (default: ${DEFAULT-VALUE})")
          int hours,
      @Option(names = "--json", description = "for machines: one object per line") boolean json) {
    if (hours < 1) {
      throw new Exit(2, List.of("tandem: --hours is " + hours + "; give at least 1"));
    }
    Doubts doubts = new Doubts();
    Settings settings = config.readForClient();
    try {
      TopicScan.since(
          settings.kafka(),
          "tandem-in-doubt",
          Topics.OUTCOMES,
          Instant.now().minus(Duration.ofHours(hours)),
          record -> note(doubts, record.value()));
    } catch (KafkaException e) {
      throw new Exit(
          Exit.UNAVAILABLE,
          Topics.OUTCOMES + " could not be read: " + e.getMessage(),
          "see that a broker answers and that tandem topics plan finds the topic");
    }
    List<Doubt> all = doubts.all();
    all.forEach(doubt -> System.out.println(json ? json(doubt, settings) : line(doubt, settings)));
    if (!json) {
      long twice = all.stream().filter(Doubt::maybeTwice).count();
      System.out.printf(
          "%d in doubt in the last %d h, %d of them delivered since: those may be there twice; %d held%n",
          all.size(), hours, twice, all.stream().filter(Doubt::held).count());
    }
    return 0;
  }

  private static void note(Doubts doubts, byte[] value) {
    try {
      if (value != null) {
        OutcomeJson.read(value).ifPresent(doubts::note);
      }
    } catch (IllegalArgumentException noOutcome) {
      // Another producer's; what is no outcome is in doubt of nothing.
      return;
    }
  }

  private static String line(Doubt doubt, Settings settings) {
    Outcome outcome = doubt.outcome();
    String then =
        doubt
            .then()
            .map(end ->
                end.type().wireName()
                    + end.lane().map(lane -> " by " + lane.server()).orElse("")
                    + " at "
                    + end.at())
            .orElseGet(() -> waiting(doubt, settings));
    return "%s  %-30s %-30s %-12s attempt %d  then %s%s"
        .formatted(
            outcome.at(),
            printable(outcome.id()),
            printable(outcome.recipient()),
            server(outcome),
            outcome.attempt(),
            then,
            outcome.reason().map(why -> "  (" + printable(why) + ")").orElse(""));
  }

  private static String waiting(Doubt doubt, Settings settings) {
    return doubt.held()
        ? "held until tandem in-doubt resolve"
        : "under way (" + policy(doubt, settings) + ")";
  }

  /** What the route says now; the mail of a route that is gone waits for it to come back. */
  private static String policy(Doubt doubt, Settings settings) {
    RouteSettings route = settings.routes().get(doubt.outcome().route());
    return route == null ? "route not configured" : route.inDoubt().wireName();
  }

  private static String server(Outcome outcome) {
    return outcome.lane().map(LanePosition::server).orElse("-");
  }

  private static String json(Doubt doubt, Settings settings) {
    return new String(
        Json.object(json -> writeFields(json, doubt, settings)), StandardCharsets.UTF_8);
  }

  private static void writeFields(JsonGenerator json, Doubt doubt, Settings settings)
      throws IOException {
    json.writeFieldName("inDoubt");
    json.writeRawValue(new String(OutcomeJson.write(doubt.outcome()), StandardCharsets.UTF_8));
    json.writeFieldName("then");
    if (doubt.then().isPresent()) {
      json.writeRawValue(new String(OutcomeJson.write(doubt.then().get()), StandardCharsets.UTF_8));
    } else {
      json.writeNull();
    }
    json.writeBooleanField("maybeTwice", doubt.maybeTwice());
    json.writeBooleanField("held", doubt.held());
    json.writeStringField("policy", policy(doubt, settings));
  }

  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
