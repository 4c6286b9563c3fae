package io.tandemmail.model.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.Optional;

/** Reading and writing JSON with bounds: what arrives from outside may be hostile. */
public final class Json {
  /** Streaming, strict about duplicate keys, bounded in depth, name and number length. */
  public static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(50)
                  .maxNameLength(1_000)
                  .maxNumberLength(100)
                  .maxStringLength(64 << 20)
                  .build())
          .build();

  private static final ObjectMapper TREES = new ObjectMapper(FACTORY);

  private Json() {}

  /** Writes fields into one object. */
  @FunctionalInterface
  public interface Fields {
    void writeTo(JsonGenerator json) throws IOException;
  }

  public static byte[] object(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      json.writeStartObject();
      fields.writeTo(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return bytes.toByteArray();
  }

  /** A field with an array of strings. */
  public static void writeTexts(JsonGenerator json, String name, Collection<String> texts)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  /** The tree of a small document; empty when it is not a JSON object. Not for messages: those are streamed. */
  public static Optional<JsonNode> tree(byte[] bytes) {
    try {
      JsonNode node = TREES.readTree(bytes);
      return node != null && node.isObject() ? Optional.of(node) : Optional.empty();
    } catch (IOException notJson) {
      return Optional.empty();
    }
  }

  public static JsonParser parser(byte[] bytes) {
    try {
      return FACTORY.createParser(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory cannot fail", e);
    }
  }

  public static Optional<Instant> instant(JsonNode node, String field) {
    try {
      return node.path(field).isTextual()
          ? Optional.of(Instant.parse(node.path(field).textValue()))
          : Optional.empty();
    } catch (DateTimeParseException notAnInstant) {
      return Optional.empty();
    }
  }

  public static Optional<String> text(JsonNode node, String field) {
    return Optional.ofNullable(node.path(field).textValue());
  }

  /** Where and why parsing stopped, without the document's own text: it may hold addresses. */
  public static String explain(JsonProcessingException e) {
    return e.getOriginalMessage()
        + " at line "
        + e.getLocation().getLineNr()
        + ", column "
        + e.getLocation().getColumnNr();
  }
}
