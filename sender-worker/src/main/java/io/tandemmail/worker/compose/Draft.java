package io.tandemmail.worker.compose;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tandemmail.model.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A JSON submission as far as the message is made of it. Mailboxes are as submitted. */
record Draft(
    Optional<String> from,
    List<String> to,
    List<String> cc,
    List<String> bcc,
    List<String> envelopeRecipients,
    Optional<String> replyTo,
    Optional<String> subject,
    Optional<String> text,
    Optional<String> html,
    List<Field> fields,
    List<Attachment> attachments) {

  /** Of the submission's own {@code headers}. */
  record Field(String name, String body) {}

  /** @param content base64 text */
  record Attachment(
      Optional<String> filename, String type, Optional<String> contentId, Range content) {}

  /** A part of the submission's bytes, or bytes of its own. */
  record Range(byte[] bytes, int start, int end) {
    static final Range EMPTY = new Range(new byte[0], 0, 0);
  }

  /** @throws IOException when it is not a JSON object of the right shape */
  static Draft read(byte[] submission) throws IOException {
    try (JsonParser json = Json.parser(submission)) {
      Reader reader = new Reader(submission, json);
      reader.readObject();
      return reader.draft();
    }
  }

  boolean gives(String fieldName) {
    return fields.stream().anyMatch(field -> field.name.equalsIgnoreCase(fieldName));
  }

  /** Everybody it was submitted for, whoever of them is still to be sent to: later attempts send the same bytes. */
  List<String> recipients() {
    if (!envelopeRecipients.isEmpty()) {
      return envelopeRecipients;
    }
    List<String> all = new ArrayList<>(to);
    all.addAll(cc);
    all.addAll(bcc);
    return all;
  }

  /** Streams a submission once. Attachments, which are most of a large one, are left where they stand. */
  private static final class Reader {
    private final byte[] submission;
    private final JsonParser json;
    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, List<String>> lists = new HashMap<>();
    private final List<Field> fields = new ArrayList<>();
    private final List<Attachment> attachments = new ArrayList<>();

    private Reader(byte[] submission, JsonParser json) {
      this.submission = submission;
      this.json = json;
    }

    private Draft draft() {
      return new Draft(
          text("from"),
          list("to"),
          list("cc"),
          list("bcc"),
          list("rcptTo"),
          text("replyTo"),
          text("subject"),
          text("text"),
          text("html"),
          fields,
          attachments);
    }

    private Optional<String> text(String name) {
      return Optional.ofNullable(texts.get(name));
    }

    private List<String> list(String name) {
      return lists.getOrDefault(name, List.of());
    }

    private void readObject() throws IOException {
      expect(json.nextToken(), JsonToken.START_OBJECT);
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        switch (name) {
          case "from", "replyTo", "subject", "text", "html" -> texts.put(name, string(value));
          case "to", "cc", "bcc" -> lists.put(name, strings(value));
          case "headers" -> readFields(value);
          case "attachments" -> readAttachments(value);
          case "envelope" -> readEnvelope(value);
          default -> json.skipChildren();
        }
      }
    }

    private void readFields(JsonToken value) throws IOException {
      expect(value, JsonToken.START_OBJECT);
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        fields.add(new Field(json.currentName(), string(json.nextToken())));
      }
    }

    private void readEnvelope(JsonToken value) throws IOException {
      expect(value, JsonToken.START_OBJECT);
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean recipients = json.currentName().equals("rcptTo");
        JsonToken member = json.nextToken();
        if (recipients) {
          lists.put("rcptTo", strings(member));
        } else {
          json.skipChildren();
        }
      }
    }

    private void readAttachments(JsonToken value) throws IOException {
      expect(value, JsonToken.START_ARRAY);
      while (json.nextToken() == JsonToken.START_OBJECT) {
        Map<String, String> given = new HashMap<>();
        Range content = Range.EMPTY;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          String name = json.currentName();
          JsonToken member = json.nextToken();
          expect(member, JsonToken.VALUE_STRING);
          if (name.equals("content")) {
            content = content();
          } else {
            given.put(name, json.getText());
          }
        }
        attachments.add(
            new Attachment(
                Optional.ofNullable(given.get("filename")),
                given.getOrDefault("contentType", "application/octet-stream"),
                Optional.ofNullable(given.get("contentId")),
                content));
      }
    }

    /** Where the text stands in the submission; its own bytes if that is UTF-16 or holds JSON escapes such as {@code \/}. */
    private Range content() throws IOException {
      int quote = (int) json.currentTokenLocation().getByteOffset();
      if (quote >= 0 && quote < submission.length && submission[quote] == '"') {
        int end = quote + 1;
        while (end < submission.length && submission[end] != '"' && submission[end] != '\\') {
          end++;
        }
        if (end < submission.length && submission[end] == '"') {
          return new Range(submission, quote + 1, end);
        }
      }
      byte[] unescaped = json.getText().getBytes(StandardCharsets.UTF_8);
      return new Range(unescaped, 0, unescaped.length);
    }

    private List<String> strings(JsonToken value) throws IOException {
      expect(value, JsonToken.START_ARRAY);
      List<String> strings = new ArrayList<>();
      for (JsonToken t = json.nextToken(); t != JsonToken.END_ARRAY; t = json.nextToken()) {
        strings.add(string(t));
      }
      return strings;
    }

    private String string(JsonToken value) throws IOException {
      expect(value, JsonToken.VALUE_STRING);
      return json.getText();
    }

    private static void expect(JsonToken found, JsonToken expected) throws IOException {
      if (found != expected) {
        throw new IOException("the submission is not shaped as one: " + found + " for " + expected);
      }
    }
  }
}
