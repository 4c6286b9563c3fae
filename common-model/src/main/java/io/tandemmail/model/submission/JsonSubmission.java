package io.tandemmail.model.submission;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.tandemmail.model.address.EmailAddress;
import io.tandemmail.model.address.Mailbox;
import io.tandemmail.model.json.Json;
import io.tandemmail.model.mime.Base64Text;
import io.tandemmail.model.mime.Flaw;
import io.tandemmail.model.mime.HeaderField;
import io.tandemmail.model.mime.MediaType;
import io.tandemmail.model.submission.SubmissionFields.Read;
import io.tandemmail.model.text.Suggestion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A JSON submission, streamed once: the envelope is picked up on the way, the body is only checked for its shape and
 * never held as text.
 */
final class JsonSubmission {
  private static final Set<String> FIELDS =
      Set.of(
          "id",
          "route",
          "from",
          "to",
          "cc",
          "bcc",
          "replyTo",
          "subject",
          "text",
          "html",
          "headers",
          "attachments",
          "envelope",
          "sendAt",
          "expiresAt",
          "metadata");
  private static final Set<String> ATTACHMENT_FIELDS =
      Set.of("filename", "contentType", "content", "contentId");

  private final JsonParser json;
  private final SubmissionReader.Limits limits;
  private final List<FieldProblem> problems;
  private final TreeMap<String, String> scalars = new TreeMap<>();
  private final List<Read> visible = new ArrayList<>();
  private final List<Read> envelopeRecipients = new ArrayList<>();
  private @Nullable String mailFrom;
  private @Nullable String metadata;
  private boolean content;
  private int addresses;

  private JsonSubmission(
      JsonParser json, SubmissionReader.Limits limits, List<FieldProblem> problems) {
    this.json = json;
    this.limits = limits;
    this.problems = problems;
  }

  static SubmissionFields read(
      byte[] value, SubmissionReader.Limits limits, List<FieldProblem> problems) {
    try (JsonParser json = Json.parser(value)) {
      JsonSubmission submission = new JsonSubmission(json, limits, problems);
      submission.readObject();
      return submission.fields();
    } catch (JsonProcessingException e) {
      problems.clear();
      problems.add(
          new FieldProblem(
              "value", "is not well-formed JSON: " + Json.explain(e), "submit one JSON object"));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory cannot fail", e);
    }
    return new SubmissionFields(
        Optional.empty(),
        Optional.empty(),
        Optional.of(""),
        "from",
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private void readObject() throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      problem("value", "is not a JSON object", "submit {\"from\":…,\"to\":[…],…}");
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      readField(name);
    }
    if (json.nextToken() != null) {
      problem("value", "goes on after the JSON object", "submit one object per record");
    }
    if (!content) {
      problem(
          "text",
          "is missing, and so are subject, html and attachments",
          "give the message some content");
    }
  }

  private void readField(String name) throws IOException {
    switch (name) {
      case "id", "route", "sendAt", "expiresAt" ->
          text(name).ifPresent(text -> scalars.put(name, text));
      case "from" ->
          text(name)
              .ifPresent(text -> {
                checkOneLine(name, text);
                scalars.put(name, text);
              });
      case "to", "cc", "bcc" -> addresses(name, visible);
      case "replyTo" -> text(name).ifPresent(this::checkReplyTo);
      case "subject" -> {
        text(name).ifPresent(text -> checkOneLine(name, text));
        content = true;
      }
      case "text", "html" -> skipText(name);
      case "headers" -> headers();
      case "attachments" -> attachments();
      case "envelope" -> envelope();
      case "metadata" -> metadata();
      default -> {
        unknown(name, FIELDS);
        json.skipChildren();
      }
    }
  }

  private SubmissionFields fields() {
    Optional<String> from = Optional.ofNullable(scalars.get("from")).map(Mailbox::bareAddress);
    from.filter(address -> mailFrom != null || address.isEmpty())
        .ifPresent(address -> checkAddress("from", address));
    if (!envelopeRecipients.isEmpty()) {
      // Not where the message goes, but what its readers see and answer to.
      visible.forEach(read -> checkAddress(read.field(), read.text()));
    }
    if ("".equals(mailFrom) && from.isEmpty()) {
      problem(
          "from",
          "is missing, and the null reverse-path names nobody",
          "say who writes the message");
    }
    return new SubmissionFields(
        Optional.ofNullable(scalars.get("id")),
        Optional.ofNullable(scalars.get("route")),
        mailFrom != null ? Optional.of(mailFrom) : from,
        mailFrom != null ? "envelope.mailFrom" : "from",
        envelopeRecipients.isEmpty() ? visible : envelopeRecipients,
        Optional.ofNullable(scalars.get("sendAt")),
        Optional.ofNullable(scalars.get("expiresAt")),
        Optional.ofNullable(metadata));
  }

  private Optional<String> text(String field) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return Optional.of(json.getText());
    }
    problem(field, "is not a text", "write it in quotes");
    json.skipChildren();
    return Optional.empty();
  }

  private void skipText(String field) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      json.finishToken();
      content = true;
    } else {
      text(field);
    }
  }

  private void addresses(String field, List<Read> into) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      problem(field, "is not a list", "write [\"ann@example.net\"]");
      json.skipChildren();
      return;
    }
    int index = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      String position = field + "[" + index++ + "]";
      Optional<String> text = text(position);
      // Beyond the limit only the number matters; the reader reports it once.
      if (text.isPresent() && addresses++ <= limits.recipientsMax()) {
        into.add(new Read(position, Mailbox.bareAddress(text.get())));
      }
      text.ifPresent(line -> checkOneLine(position, line));
    }
  }

  private void headers() throws IOException {
    if (!startsObject("headers")) {
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      String field = "headers." + SubmissionReader.printable(name);
      HeaderField.nameFlaw(name).ifPresent(flaw -> problem(field, flaw));
      text(field).ifPresent(body -> checkOneLine(field, body));
    }
  }

  private void attachments() throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      problem(
          "attachments",
          "is not a list",
          "write [{\"filename\":…,\"contentType\":…,\"content\":…}]");
      json.skipChildren();
      return;
    }
    int index = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      attachment("attachments[" + index++ + "]");
      content = true;
    }
  }

  private void attachment(String position) throws IOException {
    if (!startsObject(position)) {
      return;
    }
    boolean hasContent = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      String field = position + "." + name;
      if (name.equals("content")) {
        hasContent = true;
        checkBase64(field);
      } else {
        attachmentText(name, field);
      }
    }
    if (!hasContent) {
      problem(position + ".content", "is missing", "give the file as base64");
    }
  }

  private void attachmentText(String name, String field) throws IOException {
    switch (name) {
      case "filename" -> text(field).ifPresent(line -> checkOneLine(field, line));
      case "contentType" ->
          text(field).flatMap(MediaType::flaw).ifPresent(flaw -> problem(field, flaw));
      case "contentId" ->
          text(field).flatMap(HeaderField::contentIdFlaw).ifPresent(flaw -> problem(field, flaw));
      default -> {
        unknown(field, ATTACHMENT_FIELDS);
        json.skipChildren();
      }
    }
  }

  private void checkBase64(String field) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      text(field);
      return;
    }
    Base64Text.flaw(json.getTextCharacters(), json.getTextOffset(), json.getTextLength())
        .ifPresent(flaw -> problem(field, flaw));
  }

  private void envelope() throws IOException {
    if (!startsObject("envelope")) {
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "mailFrom" ->
            mailFrom = text("envelope.mailFrom").map(Mailbox::bareAddress).orElse(null);
        case "rcptTo" -> addresses("envelope.rcptTo", envelopeRecipients);
        default -> {
          unknown("envelope." + name, Set.of("envelope.mailFrom", "envelope.rcptTo"));
          json.skipChildren();
        }
      }
    }
  }

  private void metadata() throws IOException {
    if (!startsObject("metadata")) {
      return;
    }
    TreeMap<String, String> entries = new TreeMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      text("metadata." + SubmissionReader.printable(name))
          .ifPresent(text -> entries.put(name, text));
    }
    byte[] written =
        Json.object(out -> {
          for (var entry : entries.entrySet()) {
            out.writeStringField(entry.getKey(), entry.getValue());
          }
        });
    if (written.length > limits.metadataBytesMax()) {
      String problem =
          "has " + written.length + " bytes, the limit is " + limits.metadataBytesMax();
      problem("metadata", problem, "keep a reference there and the rest at home");
    }
    metadata = new String(written, StandardCharsets.UTF_8);
  }

  private boolean startsObject(String field) throws IOException {
    if (json.currentToken() == JsonToken.START_OBJECT) {
      return true;
    }
    problem(field, "is not an object", "write {…}");
    json.skipChildren();
    return false;
  }

  private void checkReplyTo(String mailbox) {
    checkOneLine("replyTo", mailbox);
    checkAddress("replyTo", Mailbox.bareAddress(mailbox));
  }

  private void checkAddress(String field, String address) {
    EmailAddress.problem(address)
        .ifPresent(what ->
            problem(
                field,
                "'" + SubmissionReader.printable(address) + "' " + what,
                "give one address"));
  }

  private void checkOneLine(String field, String text) {
    HeaderField.textFlaw(text).ifPresent(flaw -> problem(field, flaw));
  }

  private void unknown(String field, Set<String> known) {
    String last = field.substring(field.lastIndexOf('.') + 1);
    Set<String> names =
        Set.copyOf(known.stream().map(name -> name.substring(name.lastIndexOf('.') + 1)).toList());
    String remedy =
        Suggestion.nearest(last, names)
            .map(near -> "did you mean " + near + "?")
            .orElse("remove it");
    problem(SubmissionReader.printable(field), "is not a field of a submission", remedy);
  }

  private void problem(String field, Flaw flaw) {
    problem(field, flaw.problem(), flaw.remedy());
  }

  private void problem(String field, String problem, String remedy) {
    // A hostile submission gets a bounded answer.
    if (problems.size() < 50) {
      problems.add(new FieldProblem(field, problem, remedy));
    }
  }
}
