package io.tandemmail.ingest.reports;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tandemmail.ingest.bounce.Candidates;
import io.tandemmail.ingest.bounce.IncomingReport;
import io.tandemmail.ingest.bounce.IncomingReport.Clues;
import io.tandemmail.ingest.bounce.KnownMessage;
import io.tandemmail.ingest.bounce.LateEvents;
import io.tandemmail.ingest.bounce.NotAReport;
import io.tandemmail.ingest.bounce.ReportReader;
import io.tandemmail.ingest.dialogue.ContentReplies;
import io.tandemmail.ingest.dialogue.Mail;
import io.tandemmail.ingest.dialogue.Reply;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.RouteSettings.Bounces;
import io.tandemmail.runtime.lookup.MessageLookup;
import io.tandemmail.runtime.time.SteadyClock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes one report at a time from the listener. */
public final class BounceMailbox {
  private static final Logger LOG = LoggerFactory.getLogger(BounceMailbox.class);

  private final MessageLookup messages;
  private final EventLog log;
  private final Supplier<? extends Map<String, RouteSettings>> routes;
  private final Duration answerWithin;
  private final MeterRegistry registry;

  /** @param answerWithin of the append */
  public BounceMailbox(
      MessageLookup messages,
      EventLog log,
      Supplier<? extends Map<String, RouteSettings>> routes,
      Duration answerWithin,
      MeterRegistry registry) {
    this.messages = messages;
    this.log = log;
    this.routes = routes;
    this.answerWithin = answerWithin;
    this.registry = registry;
    for (Result result : Result.values()) {
      counter(result);
    }
  }

  /** What became of a report. */
  private enum Result {
    RECORDED,
    REPEATED,
    NOTHING_BAD,
    NOT_A_REPORT,
    UNKNOWN_MESSAGE,
    UNKNOWN_RECIPIENT,
    DEFERRED;

    String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private record Taken(Result result, Reply reply) {}

  public Reply take(Mail.Report mail) throws InterruptedException {
    Taken taken = read(mail);
    counter(taken.result).increment();
    return taken.reply;
  }

  private Taken read(Mail.Report mail) throws InterruptedException {
    IncomingReport report;
    try {
      report = ReportReader.read(mail.content());
    } catch (NotAReport e) {
      // The reason may quote a stranger; a line of the log stays one.
      String why = String.valueOf(e.getMessage()).replaceAll("\\p{Cntrl}", "?");
      LOG.info("the bounce mailbox took what is no report: {}", why);
      return taken(Result.NOT_A_REPORT, "not a report; nothing recorded");
    }
    return switch (report) {
      case IncomingReport.NothingBad nothing ->
          taken(Result.NOTHING_BAD, "the report says " + nothing.what() + "; nothing to record");
      case IncomingReport.Failures failures -> find(mail.sentTo(), report, failures.clues());
      case IncomingReport.Complaint complaint -> find(mail.sentTo(), report, complaint.clues());
    };
  }

  private Taken find(String sentTo, IncomingReport report, Clues clues)
      throws InterruptedException {
    SequencedSet<String> candidates = Candidates.of(Optional.of(sentTo), clues);
    for (String id : candidates) {
      switch (messages.find(id)) {
        case MessageLookup.Found found -> {
          Optional<KnownMessage> known = KnownMessage.read(found.json());
          if (known.isPresent()) {
            return record(report, known.get());
          }
        }
        case MessageLookup.Unknown unknown -> {}
        case MessageLookup.NoRouter none -> {
          return deferred("no router answers; send it again");
        }
      }
    }
    LOG.warn(
        "a report is about no message of the last 24 hours; it names {}; tandem bounce --route takes it at its word",
        candidates.isEmpty() ? "none" : String.join(", ", candidates));
    return taken(Result.UNKNOWN_MESSAGE, "no message of the last 24 hours; nothing recorded");
  }

  private Taken record(IncomingReport report, KnownMessage message) throws InterruptedException {
    LateEvents events = LateEvents.of(report, message, SteadyClock.now());
    if (!events.unclear().isEmpty()) {
      LOG.warn(
          "a report about message {} names {} recipients that are none of it",
          message.id(),
          events.unclear().size());
    }
    if (events.outcomes().isEmpty()) {
      return events.repeated().isEmpty()
          ? taken(Result.UNKNOWN_RECIPIENT, "none of the message's recipients; nothing recorded")
          : taken(Result.REPEATED, "already recorded");
    }
    RouteSettings route = routes.get().get(message.route());
    try {
      log.append(events, events.suppressions(route == null ? Bounces.DEFAULT : route.bounces()))
          .get(answerWithin.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return deferred("Kafka did not take it in time; send it again");
    }
    return taken(Result.RECORDED, events.outcomes().size() + " recorded");
  }

  private static Taken taken(Result result, String what) {
    return new Taken(result, ContentReplies.report(what));
  }

  private static Taken deferred(String why) {
    return new Taken(Result.DEFERRED, ContentReplies.deferred(why));
  }

  private Counter counter(Result result) {
    return Counter.builder("tandem.ingest.reports")
        .description("Mail to the bounce mailbox, by what became of it")
        .tag("result", result.label())
        .register(registry);
  }
}
