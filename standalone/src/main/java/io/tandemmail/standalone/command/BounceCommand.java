package io.tandemmail.standalone.command;

import io.tandemmail.ingest.bounce.Candidates;
import io.tandemmail.ingest.bounce.IncomingReport;
import io.tandemmail.ingest.bounce.IncomingReport.Clues;
import io.tandemmail.ingest.bounce.KnownMessage;
import io.tandemmail.ingest.bounce.LateEvents;
import io.tandemmail.ingest.bounce.NotAReport;
import io.tandemmail.ingest.bounce.ReportReader;
import io.tandemmail.ingest.reports.LateRecords;
import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.RouteSettings.Bounces;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.suppression.Suppression;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bounce}: a report on standard input becomes events of the message it is about. */
@Command(
    name = "bounce",
    description =
        "Takes in a delivery report or a complaint from standard input; 1 when it is none or its message is unknown.",
    mixinStandardHelpOptions = true)
public final class BounceCommand implements Callable<Integer> {
  @Mixin ConfigOption config = new ConfigOption();
  @Mixin HttpCalls ingest = new HttpCalls();

  @Option(
      names = "--recipient",
      paramLabel = "ADDRESS",
      description = "where the report was sent, such as bounce+<id>@example.com")
  Optional<String> recipient = Optional.empty();

  @Option(
      names = "--route",
      description =
          "for a message older than the 24 hours that routers remember: its route; the report is then taken at its word")
  Optional<String> route = Optional.empty();

  @Override
  public Integer call() throws IOException, InterruptedException {
    route.ifPresent(id -> requireRoute(config.read(), id));
    IncomingReport report = report();
    Clues clues;
    switch (report) {
      case IncomingReport.NothingBad nothing -> {
        System.out.println("nothing to record: the report says " + nothing.what());
        return 0;
      }
      case IncomingReport.Failures failures -> clues = failures.clues();
      case IncomingReport.Complaint complaint -> clues = complaint.clues();
    }
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    KnownMessage message = message(Candidates.of(recipient, clues), now);
    LateEvents events = LateEvents.of(report, message, now);
    if (events.outcomes().isEmpty() && events.repeated().isEmpty()) {
      throw new Exit(
          Exit.NO,
          "the report names none of the recipients of message " + message.id(),
          "see tandem message " + message.id());
    }
    record(events, message);
    return 0;
  }

  private static IncomingReport report() throws IOException {
    byte[] input = System.in.readNBytes(ReportReader.bytesMax() + 1);
    try {
      if (input.length > ReportReader.bytesMax()) {
        throw new Exit(
            Exit.NO,
            "the message is larger than " + ReportReader.bytesMax() + " bytes",
            "no report is; keep it out of here");
      }
      return ReportReader.read(input);
    } catch (NotAReport e) {
      throw new Exit(
          Exit.NO,
          "not a report: " + e.getMessage(),
          "give the whole message, with its header section, as it came in");
    }
  }

  private KnownMessage message(SequencedSet<String> candidates, Instant now)
      throws InterruptedException {
    if (candidates.isEmpty()) {
      throw new Exit(
          Exit.NO,
          "the report does not say which message it is about",
          "give --recipient bounce+<id>@… with the address it was sent to (docs/bounces.md)");
    }
    for (String id : candidates) {
      String path =
          "/v1/messages/" + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
      HttpResponse<String> answer = HttpCalls.call(ingest.request(config, path).GET().build());
      if (answer.statusCode() == 200) {
        byte[] json = answer.body().getBytes(StandardCharsets.UTF_8);
        Optional<KnownMessage> known = KnownMessage.read(json);
        if (known.isPresent()) {
          return known.get();
        }
      } else if (answer.statusCode() != 404) {
        throw new Exit(
            Exit.UNAVAILABLE,
            "no answer about " + id + ": " + answer.body(),
            "give the report again in a moment");
      }
    }
    return route
        .map(of -> KnownMessage.forgotten(candidates.getFirst(), of, now))
        .orElseThrow(() ->
            new Exit(
                Exit.NO,
                "no message "
                    + String.join(" or ", candidates)
                    + " was accepted in the last 24 hours",
                "for an older one, name its route with --route"));
  }

  private void record(LateEvents events, KnownMessage message) throws InterruptedException {
    Settings settings = config.readForClient();
    RouteSettings of = settings.routes().get(message.route());
    List<Suppression> entries = events.suppressions(of == null ? Bounces.DEFAULT : of.bounces());
    Appends.all(
        settings.kafka(),
        "tandem-bounce",
        LateRecords.of(events, entries, settings.kafka().partitions()));
    for (Outcome outcome : events.outcomes()) {
      System.out.println(
          outcome.type().wireName() + "  " + message.id() + "  " + outcome.recipient());
    }
    entries.forEach(entry -> System.out.println(entry.recipient() + " is suppressed"));
    events
        .repeated()
        .forEach(
            address -> System.out.println("already recorded  " + message.id() + "  " + address));
    events
        .unclear()
        .forEach(address ->
            System.err.println(
                "tandem: warning: '"
                    + address.replaceAll("\\p{Cntrl}", "?")
                    + "' is no recipient of message "
                    + message.id()));
  }

  private static void requireRoute(Settings settings, String id) {
    if (!settings.routes().containsKey(id)) {
      throw new Exit(
          2, "unknown route " + id, "use one of " + String.join(", ", settings.routes().keySet()));
    }
  }
}
