package io.tandemmail.standalone.sendmail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StandardInputMessageTest {
  private static final String INPUT =
      "From: Shop <shop@example.com>\nTo: Ann <ann@example.net>,\n \"B, C\" <bc@example.net>\nBcc: dan@example.net\nSubject: x\n\nBcc: not a field\n.\nend\n";

  private final StandardInputMessage message =
      StandardInputMessage.of(INPUT.getBytes(StandardCharsets.UTF_8));

  @Test
  void unixLineEndsBecomeCrLfAndOthersStay() {
    assertThat(text(message.content())).isEqualTo(INPUT.replace("\n", "\r\n"));
    assertThat(
            text(
                StandardInputMessage.of("a: b\r\n\r\nx\r\n".getBytes(StandardCharsets.UTF_8))
                    .content()))
        .isEqualTo("a: b\r\n\r\nx\r\n");
  }

  @Test
  void recipientsComeFromToCcAndBccOverFoldedLines() {
    assertThat(message.fieldRecipients())
        .containsExactly("ann@example.net", "bc@example.net", "dan@example.net");
    assertThat(message.fromAddress()).isEqualTo("shop@example.com");
  }

  @Test
  void bccIsRemovedFromTheHeaderSectionOnly() {
    assertThat(text(message.withoutBcc()))
        .doesNotContain("dan@example.net")
        .contains("Bcc: not a field");
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
