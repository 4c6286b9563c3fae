package io.tandemmail.model.submission;

import io.tandemmail.model.address.EmailAddress;
import io.tandemmail.model.submission.SubmissionFields.Read;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Headers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a submission of either content type into {@link MessageFacts}, or names every problem at once. Ingest asks before
 * it accepts; the router asks again, because any Kafka producer may write to {@code mail.submitted}.
 */
public final class SubmissionReader {
  private static final int ID_CHARS_MAX = 200;

  private final Limits limits;
  private final Set<String> routes;

  public SubmissionReader(Limits limits, Set<String> routes) {
    this.limits = limits;
    this.routes = Set.copyOf(routes);
  }

  /** Bounds on what one submission may be. */
  public record Limits(int valueBytesMax, int recipientsMax, int metadataBytesMax) {
    public static Limits of(int valueBytesMax) {
      return new Limits(valueBytesMax, 1_000, 4_096);
    }
  }

  /** The answer. */
  public sealed interface Admission {}

  public record Valid(MessageFacts facts) implements Admission {}

  /** @param id as far as it could be made out */
  public record Invalid(Optional<String> id, List<FieldProblem> problems) implements Admission {}

  public Admission read(Submitted submitted) {
    List<FieldProblem> problems = new ArrayList<>();
    if (submitted.value().length == 0) {
      problems.add(new FieldProblem("value", "is empty", "submit JSON or an RFC 5322 message"));
      return new Invalid(submitted.key(), problems);
    }
    if (submitted.value().length > limits.valueBytesMax) {
      String problem =
          "has " + submitted.value().length + " bytes, the limit is " + limits.valueBytesMax;
      problems.add(
          new FieldProblem("value", problem, "make it smaller or raise ingest.max-message-size"));
      return new Invalid(submitted.key(), problems);
    }
    Optional<ContentType> type = contentType(submitted.headers());
    if (type.isEmpty()) {
      problems.add(
          new FieldProblem(
              "content-type",
              "is not supported",
              "use " + HeaderNames.JSON + " or " + HeaderNames.RFC822));
      return new Invalid(submitted.key(), problems);
    }
    SubmissionFields fields =
        switch (type.get()) {
          case JSON -> JsonSubmission.read(submitted.value(), limits, problems);
          case RFC822 -> Rfc822Submission.read(submitted, problems);
        };
    boolean unreadable =
        type.get() == ContentType.JSON
            && problems.stream().anyMatch(p -> p.field().equals("value"));
    return unreadable
        ? new Invalid(submitted.key(), problems)
        : judge(submitted, type.get(), fields, problems);
  }

  private Admission judge(
      Submitted submitted, ContentType type, SubmissionFields fields, List<FieldProblem> problems) {
    String id = id(submitted, fields, problems);
    String route = fields.route().orElse("default");
    if (!routes.contains(route)) {
      problems.add(
          new FieldProblem(
              "route",
              "'" + printable(route) + "' is not configured",
              "use one of " + sorted(routes)));
    }
    String reversePath = fields.reversePath().orElse("");
    if (fields.reversePath().isEmpty()) {
      problems.add(new FieldProblem("from", "is missing", "give from or envelope.mailFrom"));
    } else if (!reversePath.isEmpty()) {
      checkAddress(fields.reversePathField(), reversePath, problems);
    }
    List<String> recipients = recipients(fields, problems);
    Optional<Instant> sendAt = fields.sendAt().flatMap(read -> instant("sendAt", read, problems));
    Optional<Instant> expiresAt =
        fields.expiresAt().flatMap(read -> instant("expiresAt", read, problems));
    if (expiresAt.filter(at -> !at.isAfter(submitted.submittedAt())).isPresent()) {
      problems.add(
          new FieldProblem(
              "expiresAt", "is in the past", "give a time after the submission, or none"));
    } else if (expiresAt.isPresent()
        && sendAt.isPresent()
        && !expiresAt.get().isAfter(sendAt.get())) {
      problems.add(
          new FieldProblem(
              "expiresAt", "is not after sendAt", "let it expire after it may be sent"));
    }
    if (!problems.isEmpty()) {
      return new Invalid(Optional.of(id), problems);
    }
    return new Valid(
        new MessageFacts(
            id,
            route,
            new Envelope(reversePath, recipients),
            type,
            submitted.submittedAt(),
            sendAt,
            expiresAt,
            0,
            0,
            fields.metadata()));
  }

  private static String id(
      Submitted submitted, SubmissionFields fields, List<FieldProblem> problems) {
    Optional<String> key = submitted.key().filter(text -> !text.isEmpty());
    Optional<String> given = fields.id();
    if (given.isPresent() && key.isPresent() && !given.equals(key)) {
      problems.add(
          new FieldProblem(
              "id",
              "differs from the record's key",
              "key the record by the message's id, or leave one out"));
    }
    String id =
        given.or(() -> key).orElse("submitted-" + submitted.partition() + "-" + submitted.offset());
    boolean legal =
        !id.isEmpty()
            && id.length() <= ID_CHARS_MAX
            && id.chars().allMatch(c -> c > ' ' && c < 0x7f);
    if (!legal) {
      problems.add(
          new FieldProblem(
              "id",
              "is not 1 to " + ID_CHARS_MAX + " printable ASCII characters without spaces",
              "choose another id"));
    }
    return id;
  }

  private List<String> recipients(SubmissionFields fields, List<FieldProblem> problems) {
    if (fields.recipients().isEmpty()) {
      problems.add(
          new FieldProblem("to", "has no recipient", "give to, cc, bcc or envelope.rcptTo"));
    }
    if (fields.recipients().size() > limits.recipientsMax) {
      String problem =
          "has " + fields.recipients().size() + " recipients, the limit is " + limits.recipientsMax;
      problems.add(new FieldProblem("to", problem, "submit several messages"));
      return List.of();
    }
    Map<String, String> unique = new LinkedHashMap<>();
    for (Read recipient : fields.recipients()) {
      if (checkAddress(recipient.field(), recipient.text(), problems)) {
        unique.putIfAbsent(EmailAddress.identity(recipient.text()), recipient.text());
      }
    }
    return List.copyOf(unique.values());
  }

  private static boolean checkAddress(String field, String address, List<FieldProblem> problems) {
    Optional<String> problem = EmailAddress.problem(address);
    problem.ifPresent(what ->
        problems.add(
            new FieldProblem(
                field,
                "'" + printable(address) + "' " + what,
                "give one bare or bracketed address")));
    return problem.isEmpty();
  }

  private static Optional<Instant> instant(String field, String text, List<FieldProblem> problems) {
    Optional<Instant> read = Instants.read(text);
    if (read.isEmpty()) {
      problems.add(
          new FieldProblem(
              field,
              "'" + printable(text) + "' is not a time",
              "write it like 2026-12-01T08:00:00Z"));
    }
    return read;
  }

  private static Optional<ContentType> contentType(Headers headers) {
    String declared = headers.last(HeaderNames.CONTENT_TYPE).orElse(HeaderNames.JSON);
    int semicolon = declared.indexOf(';');
    String bare =
        (semicolon < 0 ? declared : declared.substring(0, semicolon))
            .strip()
            .toLowerCase(Locale.ROOT);
    for (ContentType type : ContentType.values()) {
      if (type.mediaType().equals(bare)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** User text for a message to people: one line, no control characters, bounded. */
  static String printable(String text) {
    String bounded = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return bounded.replaceAll("\\p{Cc}", "?");
  }

  private static List<String> sorted(Set<String> ids) {
    return ids.stream().sorted().toList();
  }
}
