package io.tandemmail.worker.dkim.canonical;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.worker.dkim.canonical.SignatureField.Signer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignatureFieldTest {
  private static final Signer SIGNER = new Signer(DkimAlgorithm.RSA_SHA256, "example.com", "s1");
  private static final Instant TIME = Instant.ofEpochSecond(1_795_514_400);

  @Test
  void theFieldAsItIsSent() {
    SignatureField field =
        new SignatureField(
            SIGNER, TIME, List.of("From", "From", "Subject", "Message-ID"), new byte[32]);

    assertThat(text(field.canonical()))
        .isEqualTo(
            "dkim-signature:v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=s1; t=1795514400;"
                + " h=From:From:Subject:Message-ID; bh=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=; b=");
    assertThat(text(field.signed(new byte[64])))
        .isEqualTo(
            """
            DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=s1;
             t=1795514400; h=From:From:Subject:Message-ID;
             bh=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=;
             b=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
             AAAAAAAAAAAAA==
            """
                .replace("\n", "\r\n"));
  }

  @Test
  void noLineIsLongerThan78OctetsHoweverManyFieldsAreSigned() {
    for (int names = 1; names < 200; names++) {
      SignatureField field =
          new SignatureField(
              SIGNER, TIME, Collections.nCopies(names, "List-Unsubscribe-Post"), new byte[32]);

      assertThat(text(field.signed(new byte[512])).split("\r\n", -1))
          .allMatch(line -> line.length() < 78)
          .doesNotContain(" ");
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }
}
