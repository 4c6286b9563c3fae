package io.tandemmail.model.suppression;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.suppression.Suppression.Source;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SuppressionJsonTest {
  private static final String GOLDEN =
      "{\"recipient\":\"Ann@Example.net\",\"reason\":\"550 5.1.1 no such user\",\"source\":\"hard-bounce\",\"at\":\"2026-11-24T10:00:00Z\",\"route\":\"default\"}";

  private static final Suppression ENTRY =
      new Suppression(
          "Ann@Example.net",
          "550 5.1.1 no such user",
          Source.HARD_BOUNCE,
          Instant.parse("2026-11-24T10:00:00Z"),
          Optional.of("default"));

  @Test
  void theWireFormatIsTheContracts() {
    assertThat(new String(SuppressionJson.write(ENTRY), StandardCharsets.UTF_8)).isEqualTo(GOLDEN);
    assertThat(SuppressionJson.read("ann@example.net", bytes(GOLDEN))).isEqualTo(ENTRY);
  }

  @Test
  void theKeyDecidesWhateverStandsUnderIt() {
    for (String value : new String[] {"", "x", "[]", "{\"at\":7,\"source\":\"moon\"}", "\u0000"}) {
      Suppression read = SuppressionJson.read("ann@example.net", bytes(value));

      assertThat(read.recipient()).isEqualTo("ann@example.net");
      assertThat(read.source()).isEqualTo(Source.OPERATOR);
    }
  }

  @Test
  void caseDoesNotSlipPastTheList() {
    assertThat(Suppression.key("Ann@Example.NET")).isEqualTo("ann@example.net");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
