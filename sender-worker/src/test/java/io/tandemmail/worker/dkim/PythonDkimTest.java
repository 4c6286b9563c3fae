package io.tandemmail.worker.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What we sign, as somebody else's verifier sees it, with the records that we tell users to publish. */
class PythonDkimTest {
  private static final String MESSAGE =
      "From: \"Shop, The\" <shop@mail.example.com>\nTo: Ann <ann@example.net>,\n Bob <bob@example.net>\n"
          + "Subject:  Your   order\nList-Unsubscribe: <https://example.com/u>\n\nThank  you. \n.\n\n\n";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        MESSAGE,
        "From: a@example.com\n",
        "From: a@example.com\n\n\n \n",
        "From: a@example.com\nTo: x\nTo: y\nSubject:\n\nno line end \t"
      })
  void bothSignaturesHold(String message) throws Exception {
    if (PythonDkim.isHere("PythonDkimTest")) {
      DkimKeys keys = TestKeys.both(folder);

      assertThat(PythonDkim.verify(signed(keys, message), keys.records()))
          .containsExactly("True", "True");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Thank  you=Thank me", "Subject:=Subject: Won!\nSubject:", "The\"=An\""})
  void neitherHoldsOnceTheMessageIsAltered(String change) throws Exception {
    if (PythonDkim.isHere("PythonDkimTest")) {
      DkimKeys keys = TestKeys.both(folder);
      String[] parts = change.replace("\n", "\r\n").split("=");
      String altered =
          new String(signed(keys, MESSAGE), StandardCharsets.ISO_8859_1)
              .replace(parts[0], parts[1]);

      assertThat(PythonDkim.verify(altered.getBytes(StandardCharsets.ISO_8859_1), keys.records()))
          .hasSize(2)
          .doesNotContain("True");
    }
  }

  @Test
  void aSignatureHoldsOnlyWithItsOwnRecord() throws Exception {
    if (PythonDkim.isHere("PythonDkimTest")) {
      DkimKeys keys = TestKeys.both(folder);
      KeyRecord ed = keys.records().getFirst();
      assertThat(ed.name()).isEqualTo("ed._domainkey.example.com");

      List<String> verdicts = PythonDkim.verify(signed(keys, MESSAGE), List.of(ed));
      assertThat(verdicts.getFirst()).isNotEqualTo("True");
      assertThat(verdicts.getLast()).isEqualTo("True");
    }
  }

  private static byte[] signed(DkimKeys keys, String message) throws Exception {
    byte[] bytes = message.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(
        keys.orThrow()
            .signers()
            .get("default")
            .sign(bytes, Instant.parse("2026-11-24T10:00:00Z"))
            .orElseThrow());
    whole.writeBytes(bytes);
    if (!message.endsWith("\n")) {
      // No receiver sees a last line without an end: SMTP gives it one before the final dot.
      whole.writeBytes(new byte[] {'\r', '\n'});
    }
    return whole.toByteArray();
  }
}
