package io.tandemmail.worker.compose;

import io.tandemmail.model.mime.FieldTemplate;
import io.tandemmail.model.settings.RouteSettings.OwedHeaders;
import io.tandemmail.model.submission.ContentType;
import io.tandemmail.model.submission.Envelope;
import io.tandemmail.model.submission.MessageFacts;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** What the composer's tests share: one message's facts, and Jakarta Mail as the mail reader. */
final class Composing {
  static final MessageFacts FACTS =
      new MessageFacts(
          "receipt-1017",
          "default",
          new Envelope("bounce@example.com", List.of("ann@example.net")),
          ContentType.JSON,
          Instant.parse("2026-11-24T10:00:00.123Z"),
          Optional.empty(),
          Optional.empty(),
          0,
          0,
          Optional.empty());
  static final OwedHeaders OWED =
      new OwedHeaders(
          Optional.of(new FieldTemplate("unsubscribe+{id}@example.com?subject=stop")),
          Optional.of(new FieldTemplate("https://example.com/u/{id}?r={recipient}")),
          Optional.of(new FieldTemplate("{route}:example")));

  private Composing() {}

  static byte[] compose(String json) throws ComposeException {
    return compose(json, OwedHeaders.NONE);
  }

  static byte[] compose(String json, OwedHeaders owed) throws ComposeException {
    return MimeComposer.compose(json.getBytes(StandardCharsets.UTF_8), FACTS, owed);
  }

  static String text(byte[] message) {
    return new String(message, StandardCharsets.UTF_8);
  }

  static MimeMessage parse(byte[] message) throws Exception {
    return new MimeMessage(
        Session.getInstance(new Properties()), new ByteArrayInputStream(message));
  }

  /** A JSON string. */
  static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c < ' ' || c == '"' || c == '\\') {
        json.append("\\u%04x".formatted((int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
