package io.tandemmail.model.bounce;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class MessageIdTest {
  private static final Instant AT = Instant.parse("2026-11-24T10:00:00Z");

  @Test
  void aShortIdCanBeReadBackFromItsMessageId() {
    for (String id : new String[] {"receipt-1017", "a", "order/7:x@y", "~".repeat(60)}) {
      String messageId = MessageId.of(id, AT, "shop@example.com");

      assertThat(messageId).matches("<[A-Za-z0-9_.-]+@example\\.com>");
      assertThat(MessageId.idIn(messageId)).contains(id);
      assertThat(MessageId.idIn(" " + messageId.replaceAll("[<>]", ""))).contains(id);
    }
  }

  @Test
  void aLongIdIsHashedAndStillUnique() {
    String one = MessageId.of("x".repeat(200), AT, "shop@example.com");

    assertThat(one).isEqualTo(MessageId.of("x".repeat(200), AT, "shop@example.com"));
    assertThat(one).isNotEqualTo(MessageId.of("x".repeat(199), AT, "shop@example.com"));
    assertThat(MessageId.idIn(one)).isEmpty();
  }

  @Test
  void somebodyElsesMessageIdIsNotTakenForOurs() {
    for (String foreign :
        new String[] {
          "<20261124.deadbeef@example.com>",
          "<cmVjZWlwdC0xMDE3.0.00000000@example.com>",
          "<x.12345678@y>",
          "<A.12345678@y>",
          "",
          "<>"
        }) {
      assertThat(MessageId.idIn(foreign)).isEmpty();
    }
  }
}
