package io.tandemmail.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import io.tandemmail.ingest.accept.Acceptance;
import io.tandemmail.ingest.accept.ApiKeys;
import io.tandemmail.ingest.dialogue.Rules;
import io.tandemmail.ingest.dialogue.Rules.Tls;
import io.tandemmail.ingest.reports.BounceMailbox;
import io.tandemmail.ingest.reports.EventLog;
import io.tandemmail.ingest.reports.KafkaEventLog;
import io.tandemmail.ingest.smtp.MailDesk;
import io.tandemmail.ingest.smtp.SmtpListener;
import io.tandemmail.ingest.smtp.Timeouts;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SmtpSettings;
import io.tandemmail.model.submission.SubmissionReader;
import io.tandemmail.runtime.config.Live;
import io.tandemmail.runtime.lookup.MessageLookup;
import io.tandemmail.runtime.presence.LocalHost;
import java.util.Optional;
import java.util.function.Supplier;

/** The SMTP listener and what is behind it, wired. */
final class SmtpDoor implements AutoCloseable {
  private final SmtpListener listener;
  private final String host;
  private final Optional<EventLog> events;

  SmtpDoor(
      Live<Settings> following,
      IngestService.Doors doors,
      MessageLookup messages,
      String instance,
      MeterRegistry registry) {
    Settings settings = following.get();
    SmtpSettings smtp = settings.ingest().smtp().orElseThrow();
    events = smtp.bounceAddress().map(mailbox -> new KafkaEventLog(settings.kafka(), instance));
    Optional<BounceMailbox> bounces =
        events.map(log ->
            new BounceMailbox(
                messages, log, () -> following.get().routes(), Acceptance.ANSWER_WITHIN, registry));
    MailDesk desk = new MailDesk(doors.acceptance(following), bounces);
    host = smtp.listen().address();
    listener =
        SmtpListener.start(
            smtp,
            rules(settings, smtp, doors),
            new SmtpListener.Handover(desk, doors.room(), Timeouts.RFC5321),
            registry);
  }

  private static Rules rules(Settings settings, SmtpSettings smtp, IngestService.Doors doors) {
    Supplier<ApiKeys> keys = doors.keys();
    int sizeMax = settings.ingest().maxMessageSizeBytes();
    return new Rules(
        LocalHost.name(),
        sizeMax,
        SubmissionReader.Limits.of(sizeMax).recipientsMax(),
        doors::noDisk,
        keys.get().areRequired() ? Optional.of(shown -> keys.get().hold(shown)) : Optional.empty(),
        smtp.certificate().isPresent() ? Tls.OFFERED : Tls.NONE,
        smtp.bounceAddress());
  }

  String address() {
    return host + ":" + listener.port();
  }

  @Override
  public void close() {
    listener.close();
    events.ifPresent(EventLog::close);
  }
}
