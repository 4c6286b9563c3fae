package io.tandemmail.ingest.dialogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.submission.FieldProblem;
import io.tandemmail.model.wire.Headers.Header;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TandemFieldsTest {
  @Test
  void ourFieldsAreTakenOutAndEveryOtherByteStays() {
    TandemFields fields =
        of(
            "From: a@b.example\r\nTANDEM-id: order-7\r\nSubject: x\r\n folded\r\nTandem-Route:\r\n\tmarketing\r\n"
                + "Tandem-Send-At: 2026-12-01T08:00:00Z\r\nTandem-Expires-At: 2026-12-03T00:00:00Z\r\n\r\nTandem-Id: body\r\n");

    assertThat(text(fields))
        .isEqualTo("From: a@b.example\r\nSubject: x\r\n folded\r\n\r\nTandem-Id: body\r\n");
    assertThat(fields.headers())
        .extracting(Header::name)
        .containsExactly("tandem-id", "tandem-route", "tandem-send-at", "tandem-expires-at");
    assertThat(fields.headers())
        .extracting(Header::text)
        .containsExactly("order-7", "marketing", "2026-12-01T08:00:00Z", "2026-12-03T00:00:00Z");
  }

  @Test
  void otherFieldsAreNobodysBusiness() {
    for (String message :
        new String[] {
          "Tandem-Other: x\r\n\r\n", "Subject: x\r\n Tandem-Id: y\r\n\r\n", "", "Tandem-Id", "\r\n"
        }) {
      TandemFields fields = of(message);
      assertThat(fields.headers()).as(message).isEmpty();
      assertThat(text(fields)).isEqualTo(message);
    }
  }

  @Test
  void theEnvelopeCannotBeChangedByAField() {
    assertThat(of("Tandem-Rcpt-To: x@y.example\r\nTandem-Mail-From: x\r\n\r\n").headers())
        .isEmpty();
  }

  @Test
  void aFieldThatIsThereTwiceSaysNothing() {
    assertThat(of("Tandem-Id: a\r\nTandem-Id: b\r\n\r\n").problems())
        .extracting(FieldProblem::field)
        .containsExactly("tandem-id");
  }

  private static TandemFields of(String message) {
    return TandemFields.of(message.getBytes(StandardCharsets.US_ASCII));
  }

  private static String text(TandemFields fields) {
    return new String(fields.message(), StandardCharsets.US_ASCII);
  }
}
