package io.tandemmail.sink.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MessageKeyTest {
  @Test
  void theOwnKeyOfAMessageComesBeforeItsMessageId() {
    assertThat(MessageKey.of(bytes("Message-ID: <m@x>\r\nX-TANDEM-Key: k1 \r\n\r\n")))
        .isEqualTo("k1");
    assertThat(MessageKey.of(bytes("Subject: x\r\nmessage-id:<m@x>\r\n\r\n"))).isEqualTo("<m@x>");
    assertThat(MessageKey.of(bytes("Subject: x\r\n\r\nX-Tandem-Key: in the body\r\n"))).isEmpty();
    assertThat(MessageKey.of(bytes(""))).isEmpty();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
