package io.tandemmail.model.outcome;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.tandemmail.model.json.Json;
import io.tandemmail.model.outcome.Outcome.LanePosition;
import io.tandemmail.model.outcome.Outcome.SmtpReply;
import io.tandemmail.model.submission.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** JSON of {@code mail.outcomes} (docs/contract.md, "An outcome"), streamed both ways: one is read and written per delivery. */
public final class OutcomeJson {
  private static final Set<String> MARK_FIELDS = Set.of("id", "route", "recipient", "type");

  private OutcomeJson() {}

  public static byte[] write(Outcome outcome) {
    return Json.object(json -> writeFields(json, outcome));
  }

  /**
   * Empty for a type this version does not know; unknown fields are skipped.
   *
   * @throws IllegalArgumentException when the bytes are no outcome
   */
  public static Optional<Outcome> read(byte[] bytes) {
    Fields fields = new Fields();
    try (JsonParser json = Json.parser(bytes)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("an outcome is a JSON object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        fields.take(name, json);
      }
      return fields.outcome();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not an outcome: " + Json.explain(e), e);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("not an outcome: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory cannot fail", e);
    }
  }

  /**
   * The same for who and what only: what stands behind the four fields, which we write first, is not read.
   *
   * @throws IllegalArgumentException when the bytes begin with no outcome
   */
  public static Optional<OutcomeMark> readMark(byte[] bytes) {
    Fields fields = new Fields();
    try (JsonParser json = Json.parser(bytes)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("an outcome is a JSON object");
      }
      int missing = MARK_FIELDS.size();
      while (missing > 0 && json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        if (MARK_FIELDS.contains(name)) {
          fields.take(name, json);
          missing--;
        } else {
          json.skipChildren();
        }
      }
      return fields.mark();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not an outcome: " + Json.explain(e), e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory cannot fail", e);
    }
  }

  private static void writeFields(JsonGenerator json, Outcome outcome) throws IOException {
    json.writeStringField("id", outcome.id());
    json.writeStringField("route", outcome.route());
    json.writeStringField("recipient", outcome.recipient());
    json.writeStringField("type", outcome.type().wireName());
    json.writeNumberField("attempt", outcome.attempt());
    if (outcome.lane().isPresent()) {
      LanePosition lane = outcome.lane().get();
      json.writeStringField("server", lane.server());
      json.writeStringField("role", lane.role().wireName());
      json.writeNumberField("partition", lane.partition());
      json.writeNumberField("offset", lane.offset());
    }
    if (outcome.reply().isPresent()) {
      SmtpReply reply = outcome.reply().get();
      json.writeStringField("phase", reply.phase());
      json.writeObjectFieldStart("reply");
      json.writeNumberField("code", reply.code());
      if (reply.enhanced().isPresent()) {
        json.writeStringField("enhanced", reply.enhanced().get());
      }
      json.writeStringField("text", reply.text());
      json.writeEndObject();
    }
    if (outcome.category().isPresent()) {
      json.writeStringField("category", outcome.category().get().wireName());
    }
    if (outcome.reason().isPresent()) {
      json.writeStringField("reason", outcome.reason().get());
    }
    json.writeStringField("at", outcome.at().toString());
    json.writeStringField("submittedAt", outcome.submittedAt().toString());
    if (outcome.metadata().isPresent()) {
      json.writeFieldName("metadata");
      json.writeRawValue(outcome.metadata().get());
    }
  }

  /** Fields as they come, in any order. */
  private static final class Fields {
    private @Nullable String id;
    private String route = "";
    private String recipient = "";
    private String type = "";
    private int attempt;
    private @Nullable String server;
    private Role role = Role.PRIMARY;
    private int partition;
    private long offset;
    private String phase = "";
    private @Nullable SmtpReply reply;
    private Optional<OutcomeCategory> category = Optional.empty();
    private @Nullable String reason;
    private Instant at = Instant.EPOCH;
    private Instant submittedAt = Instant.EPOCH;
    private @Nullable String metadata;

    void take(String name, JsonParser json) throws IOException {
      switch (name) {
        case "id" -> id = json.getText();
        case "route" -> route = json.getText();
        case "recipient" -> recipient = json.getText();
        case "type" -> type = json.getText();
        case "attempt" -> attempt = json.getValueAsInt();
        case "server" -> server = json.getText();
        case "role" ->
            role =
                json.getText().toUpperCase(Locale.ROOT).equals("SECONDARY")
                    ? Role.SECONDARY
                    : Role.PRIMARY;
        case "partition" -> partition = json.getValueAsInt();
        case "offset" -> offset = json.getValueAsLong();
        case "phase" -> phase = json.getText();
        case "reply" -> reply = readReply(json);
        case "category" -> category = OutcomeCategory.ofWireName(json.getText());
        case "reason" -> reason = json.getText();
        case "at" -> at = Instant.parse(json.getText());
        case "submittedAt" -> submittedAt = Instant.parse(json.getText());
        case "metadata" -> metadata = copy(json);
        default -> json.skipChildren();
      }
    }

    Optional<OutcomeMark> mark() {
      if (id == null) {
        throw new IllegalArgumentException("an outcome without an id");
      }
      String known = id;
      return OutcomeType.ofWireName(type)
          .map(read -> new OutcomeMark(known, route, recipient, read));
    }

    Optional<Outcome> outcome() {
      if (id == null) {
        throw new IllegalArgumentException("an outcome without an id");
      }
      String known = id;
      SmtpReply withPhase =
          reply == null ? null : new SmtpReply(phase, reply.code(), reply.enhanced(), reply.text());
      return OutcomeType.ofWireName(type)
          .map(read ->
              new Outcome(
                  known,
                  route,
                  recipient,
                  read,
                  attempt,
                  Optional.ofNullable(server)
                      .map(on -> new LanePosition(on, role, partition, offset)),
                  Optional.ofNullable(withPhase),
                  category,
                  Optional.ofNullable(reason),
                  at,
                  submittedAt,
                  Optional.ofNullable(metadata)));
    }

    private static @Nullable SmtpReply readReply(JsonParser json) throws IOException {
      if (json.currentToken() != JsonToken.START_OBJECT) {
        json.skipChildren();
        return null;
      }
      int code = 0;
      Optional<String> enhanced = Optional.empty();
      String text = "";
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        switch (name) {
          case "code" -> code = json.getValueAsInt();
          case "enhanced" -> enhanced = Optional.of(json.getText());
          case "text" -> text = json.getText();
          default -> json.skipChildren();
        }
      }
      return new SmtpReply("", code, enhanced, text);
    }

    private static String copy(JsonParser json) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
      try (JsonGenerator copy = Json.FACTORY.createGenerator(bytes)) {
        copy.copyCurrentStructure(json);
      }
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }
}
