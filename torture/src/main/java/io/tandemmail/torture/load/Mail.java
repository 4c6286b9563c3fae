package io.tandemmail.torture.load;

import io.tandemmail.model.json.Json;
import io.tandemmail.model.wire.HeaderNames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A message of the load. Everything of it follows from its number, so that submitting it again submits the same bytes.
 *
 * @param number of the message in its run, from 0
 */
public record Mail(String run, int number) {
  private static final String FROM = "shop@example.com";
  private static final String LINE =
      "Every message of this run is like the others, and none is the same.\r\n";

  /** How it goes in. */
  public enum Way {
    HTTP_JSON,
    KAFKA_JSON,
    KAFKA_RFC822
  }

  public String id() {
    return run + "-" + number;
  }

  /** One in five through Kafka, half of them as they shall be sent. */
  public Way way() {
    return switch (number % 10) {
      case 3 -> Way.KAFKA_JSON;
      case 7 -> Way.KAFKA_RFC822;
      default -> Way.HTTP_JSON;
    };
  }

  /**
   * Mostly one. Of 100 messages four have three, two have five, and one of these five does not exist; one is for somebody who
   * does not exist.
   */
  public List<String> recipients() {
    return switch (number % 100) {
      case 11, 36, 53, 87 -> ordinary(3);
      case 24 -> ordinary(5);
      case 68 -> {
        List<String> five = ordinary(4);
        five.add(2, "550-rcpt+" + number + "@example.net");
        yield five;
      }
      case 92 -> List.of("550-rcpt+" + number + "@example.net");
      default -> ordinary(1);
    };
  }

  /** A submission (docs/contract.md). */
  byte[] json() {
    return Json.object(json -> {
      json.writeStringField("id", id());
      json.writeStringField("from", FROM);
      json.writeArrayFieldStart("to");
      for (String recipient : recipients()) {
        json.writeString(recipient);
      }
      json.writeEndArray();
      json.writeStringField("subject", "Order " + number);
      json.writeStringField("text", LINE.repeat(lines()));
      json.writeObjectFieldStart("headers");
      json.writeStringField("X-Tandem-Key", id());
      json.writeEndObject();
    });
  }

  byte[] rfc822() {
    String head =
        "From: %s\r\nSubject: Order %d\r\nMessage-ID: <%s@example.com>\r\nX-Tandem-Key: %s\r\n\r\n"
            .formatted(FROM, number, id(), id());
    return (head + ".a line with a dot\r\n" + LINE.repeat(lines()))
        .getBytes(StandardCharsets.UTF_8);
  }

  String contentType() {
    return way() == Way.KAFKA_RFC822 ? HeaderNames.RFC822 : HeaderNames.JSON;
  }

  /** Half a kibibyte to six. */
  private int lines() {
    return 4 + number % 16 * (number % 50 == 0 ? 5 : 1);
  }

  private List<String> ordinary(int count) {
    List<String> all = new ArrayList<>(count + 1);
    for (int i = 0; i < count; i++) {
      all.add("r" + number + "-" + i + "@example.net");
    }
    return all;
  }

  static String from() {
    return FROM;
  }
}
