package io.tandemmail.worker.dkim.canonical;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageFieldsTest {
  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "'|', ''",
    "'|body', 'body'",
    "'From: a', ''",
    "'From: a|', ''",
    "'From: a||', ''",
    "'From: a||b', 'b'",
    "'From: a|no colon|To: b||c', 'c'",
    "'From: a| ||b', 'b'"
  })
  void theBodyBeginsBehindTheFirstEmptyLine(String message, String body) {
    byte[] bytes = bytes(message.replace("|", "\r\n"));
    int start = MessageFields.of(bytes).bodyStart();

    assertThat(new String(bytes, start, bytes.length - start, StandardCharsets.ISO_8859_1))
        .isEqualTo(body);
  }

  @Test
  void aLineThatIsNoFieldIsSkippedAndHidesNothing() {
    MessageFields fields =
        MessageFields.of(
            bytes(
                " odd\r\nFrom: a\r\nno colon\r\nbad name: x\r\n: y\r\nTo: b\r\n c\r\n\r\nFrom: z"));

    assertThat(values(fields, "from")).containsExactly(" a");
    assertThat(values(fields, "to")).containsExactly(" b\r\n c");
    assertThat(values(fields, "name")).isEmpty();
    assertThat(values(fields, "")).isEmpty();
  }

  @Test
  void whateverTheBytesAreThereIsAnAnswer() {
    long seed = 6_376;
    Random random = new Random(seed);
    byte[] alphabet = bytes("\r\n\r\n :;\t<>\"(),[]\\@=aFrom\u00e9\0");
    for (int i = 0; i < 20_000; i++) {
      byte[] message = new byte[random.nextInt(40)];
      for (int j = 0; j < message.length; j++) {
        message[j] = alphabet[random.nextInt(alphabet.length)];
      }
      byte[] from = (i % 2 == 0 ? "From:" : "").getBytes(StandardCharsets.US_ASCII);
      byte[] whole = new byte[from.length + message.length];
      System.arraycopy(from, 0, whole, 0, from.length);
      System.arraycopy(message, 0, whole, from.length, message.length);
      MessageFields fields = MessageFields.of(whole);

      assertThat(fields.bodyStart())
          .as("seed %d, round %d", seed, i)
          .isLessThanOrEqualTo(whole.length);
      FromDomain.of(fields)
          .ifPresent(
              domain -> assertThat(domain).isNotEmpty().doesNotContain("@", " ", "\r", "\n"));
      assertThat(SignedNames.of(fields)).contains("From", "Subject");
    }
  }

  @Test
  void everySignedFieldIsListedOnceMoreThanItIsThere() {
    MessageFields fields =
        MessageFields.of(
            bytes("from: a\r\nTO: b\r\nTo: c\r\nX-Campaign: x\r\nList-Unsubscribe: <u>\r\n\r\n"));

    assertThat(SignedNames.of(fields))
        .containsExactly(
            "From", "From", "Subject", "To", "To", "To", "List-Unsubscribe", "List-Unsubscribe");
  }

  private static List<String> values(MessageFields fields, String name) {
    return fields.named(name).stream()
        .map(field ->
            new String(
                fields.message(),
                field.valueStart(),
                field.end() - field.valueStart(),
                StandardCharsets.ISO_8859_1))
        .toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
