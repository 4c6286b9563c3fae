package io.tandemmail.router.topology;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeJson;
import io.tandemmail.model.outcome.OutcomeMark;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.submission.FieldProblem;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.submission.ReturnReason;
import io.tandemmail.model.submission.SubmissionReader;
import io.tandemmail.model.submission.Submitted;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.model.wire.Headers.Header;
import io.tandemmail.model.wire.HomePartition;
import io.tandemmail.runtime.kafka.KafkaHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Turns a record into a submission: readable and at home, readable but somewhere else, or rejected with its bytes and
 * every reason. Headers that only the router may set are not believed when a client set them.
 */
public final class Admission {
  private static final Set<String> ROUTER_ONLY =
      Set.of(
          HeaderNames.SUBMITTED_AT,
          HeaderNames.ATTEMPT,
          HeaderNames.HOPS,
          HeaderNames.NOT_BEFORE,
          HeaderNames.REASON,
          HeaderNames.AVOID,
          HeaderNames.IN_DOUBT,
          HeaderNames.IN_DOUBT_SERVER,
          HeaderNames.ORIGIN,
          HeaderNames.STATE);

  private static final int REASON_CHARS_MAX = 2_000;
  private static final byte[] NO_VALUE = {};

  private final SubmissionReader reader;
  private final int partitions;

  private Admission(SubmissionReader reader, int partitions) {
    this.reader = reader;
    this.partitions = partitions;
  }

  /** For the routes of these settings. */
  public static Admission of(Settings settings) {
    return of(settings, settings.routes().keySet());
  }

  static Admission of(Settings settings, Set<String> routes) {
    SubmissionReader.Limits limits =
        SubmissionReader.Limits.of(settings.ingest().maxMessageSizeBytes());
    return new Admission(new SubmissionReader(limits, routes), settings.kafka().partitions());
  }

  /**
   * A record of {@code mail.submitted} as a reader beside the topology sees it.
   *
   * @param id of its outcomes, also when it is rejected
   * @param facts empty when it is rejected
   * @param homeward headers to give it to its home partition with, as what is submitted elsewhere is given
   */
  public record Seen(
      String id, Instant submittedAt, Optional<MessageFacts> facts, Headers homeward) {}

  public Seen see(ConsumerRecord<byte[], byte[]> submitted) {
    Headers headers = withoutRouterOnly(KafkaHeaders.from(submitted.headers()));
    long millis = Math.max(0, submitted.timestamp());
    Origin origin =
        new Origin(submitted.partition(), submitted.offset(), Instant.ofEpochMilli(millis));
    Record<byte[], byte[]> record = new Record<>(submitted.key(), submitted.value(), millis);
    SubmissionReader.Admission read = readSubmission(record, headers, origin);
    Headers homeward = origin.writeTo(headers);
    return switch (read) {
      case SubmissionReader.Valid valid ->
          new Seen(valid.facts().id(), origin.submittedAt, Optional.of(valid.facts()), homeward);
      case SubmissionReader.Invalid invalid ->
          new Seen(rejectedId(invalid, origin), origin.submittedAt, Optional.empty(), homeward);
    };
  }

  sealed interface Verdict {}

  record Admitted(MessageFacts facts) implements Verdict {}

  record ElsewhereAtHome(int partition, Headers headers) implements Verdict {}

  record Rejected(Headers headers, Optional<Outcome> event) implements Verdict {}

  /** A record of {@code mail.submitted}. */
  Verdict read(Record<byte[], byte[]> record, RecordMetadata from) {
    Headers headers = withoutRouterOnly(KafkaHeaders.from(record.headers()));
    Origin origin =
        new Origin(from.partition(), from.offset(), Instant.ofEpochMilli(record.timestamp()));
    Verdict verdict = judge(record, headers, origin);
    if (verdict instanceof Admitted admitted) {
      int home = HomePartition.of(admitted.facts().id(), partitions);
      return home == from.partition()
          ? verdict
          : new ElsewhereAtHome(home, origin.writeTo(headers));
    }
    return verdict;
  }

  /** A record that was forwarded to its home through {@code mail.returned}; never forwarded again. */
  Verdict readAtHome(Record<byte[], byte[]> record, Headers headers, int partition) {
    Instant fallback = Instant.ofEpochMilli(record.timestamp());
    return judge(record, withoutRouterOnly(headers), Origin.of(headers, partition, fallback));
  }

  static Headers withReason(Headers headers, String reason) {
    String bounded =
        reason.length() > REASON_CHARS_MAX ? reason.substring(0, REASON_CHARS_MAX) + "…" : reason;
    return with(headers, Header.of(HeaderNames.REASON, bounded));
  }

  /** Carries the W3C trace context of the submission along. */
  static Headers withTrace(Headers headers, org.apache.kafka.common.header.Headers original) {
    List<Header> all = new ArrayList<>(headers.all());
    for (String name : List.of(HeaderNames.TRACEPARENT, HeaderNames.TRACESTATE)) {
      org.apache.kafka.common.header.Header header = original.lastHeader(name);
      if (header != null && header.value() != null) {
        all.add(new Header(name, header.value()));
      }
    }
    return new Headers(all);
  }

  /** Empty for types this version does not know and for what is no outcome at all: anyone may write to a topic. */
  static Optional<OutcomeMark> readOutcome(byte[] value) {
    try {
      return value == null ? Optional.empty() : OutcomeJson.readMark(value);
    } catch (IllegalArgumentException notAnOutcome) {
      return Optional.empty();
    }
  }

  private Verdict judge(Record<byte[], byte[]> record, Headers headers, Origin origin) {
    return switch (readSubmission(record, headers, origin)) {
      case SubmissionReader.Valid valid -> new Admitted(valid.facts());
      case SubmissionReader.Invalid invalid -> reject(headers, origin, invalid);
    };
  }

  private SubmissionReader.Admission readSubmission(
      Record<byte[], byte[]> record, Headers headers, Origin origin) {
    Submitted submitted =
        new Submitted(
            Optional.ofNullable(record.key()).map(key -> new String(key, StandardCharsets.UTF_8)),
            headers,
            record.value() == null ? NO_VALUE : record.value(),
            origin.partition,
            origin.offset,
            origin.submittedAt);
    return reader.read(submitted);
  }

  private static String rejectedId(SubmissionReader.Invalid invalid, Origin origin) {
    return invalid.id().orElse("submitted-" + origin.partition + "-" + origin.offset);
  }

  private static Rejected reject(Headers headers, Origin origin, SubmissionReader.Invalid invalid) {
    String why =
        invalid.problems().stream().map(FieldProblem::toString).collect(Collectors.joining("; "));
    Headers marked = withReason(headers, why);
    Outcome event =
        new Outcome(
            rejectedId(invalid, origin),
            headers.last(HeaderNames.ROUTE).orElse(""),
            "",
            OutcomeType.REJECTED,
            0,
            Optional.empty(),
            Optional.empty(),
            marked.last(HeaderNames.REASON),
            origin.submittedAt,
            origin.submittedAt,
            Optional.empty());
    return new Rejected(marked, Optional.of(event));
  }

  private static Headers withoutRouterOnly(Headers headers) {
    return new Headers(
        headers.all().stream().filter(header -> !ROUTER_ONLY.contains(header.name())).toList());
  }

  private static Headers with(Headers headers, Header... added) {
    List<Header> all = new ArrayList<>(headers.all());
    all.addAll(List.of(added));
    return new Headers(all);
  }

  /** Where and when the record stood in {@code mail.submitted}; travels with it when it is sent home. */
  private record Origin(int partition, long offset, Instant submittedAt) {
    Headers writeTo(Headers headers) {
      return with(
          headers,
          Header.of(HeaderNames.REASON, ReturnReason.HOME.wireName()),
          Header.of(HeaderNames.ORIGIN, partition + "/" + offset),
          Header.of(HeaderNames.SUBMITTED_AT, submittedAt.toString()));
    }

    static Origin of(Headers headers, int partition, Instant fallback) {
      try {
        String[] place = headers.last(HeaderNames.ORIGIN).orElse(partition + "/0").split("/", 2);
        return new Origin(
            Integer.parseInt(place[0]),
            Long.parseLong(place[1]),
            headers.last(HeaderNames.SUBMITTED_AT).map(Instant::parse).orElse(fallback));
      } catch (NumberFormatException
          | ArrayIndexOutOfBoundsException
          | DateTimeParseException unreadable) {
        return new Origin(partition, 0, fallback);
      }
    }
  }
}
