package io.tandemmail.model.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandemmail.model.outcome.Outcome.LanePosition;
import io.tandemmail.model.outcome.Outcome.SmtpReply;
import io.tandemmail.model.submission.Role;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutcomeJsonTest {
  private static final Outcome DELIVERED =
      new Outcome(
          "receipt-1017",
          "default",
          "ann@example.net",
          OutcomeType.DELIVERED,
          1,
          Optional.of(new LanePosition("mx-a", Role.PRIMARY, 3, 41822)),
          Optional.of(new SmtpReply("final-dot", 250, Optional.of("2.0.0"), "queued as 9F2")),
          Optional.empty(),
          Instant.parse("2026-11-24T10:00:00.123Z"),
          Instant.parse("2026-11-24T10:00:00Z"),
          Optional.of("{\"order\":\"1017\"}"));

  /** The example of the contract, field by field. */
  private static final String GOLDEN =
      """
      {"id":"receipt-1017","route":"default","recipient":"ann@example.net","type":"delivered","attempt":1,"server":"mx-a",\
      "role":"primary","partition":3,"offset":41822,"phase":"final-dot","reply":{"code":250,"enhanced":"2.0.0","text":"queued as 9F2"},\
      "at":"2026-11-24T10:00:00.123Z","submittedAt":"2026-11-24T10:00:00Z","metadata":{"order":"1017"}}\
      """;

  @Test
  void writesTheContractsExample() {
    assertThat(new String(OutcomeJson.write(DELIVERED), StandardCharsets.UTF_8)).isEqualTo(GOLDEN);
  }

  @Test
  void readsWhatItWrites() {
    assertThat(read(GOLDEN)).contains(DELIVERED);
  }

  @Test
  void unknownFieldsAreSkippedAndUnknownTypesAreNothing() {
    assertThat(read(GOLDEN.replace("\"attempt\":1", "\"attempt\":1,\"new\":{\"a\":[1,2]}")))
        .contains(DELIVERED);
    assertThat(read(GOLDEN.replace("delivered", "opened"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "{}", "{\"id\":", "{\"id\":\"x\",\"at\":\"yesterday\"}", "\u0000\u0001"})
  void whatIsNoOutcomeIsRefused(String json) {
    assertThatThrownBy(() -> read(json)).isInstanceOf(IllegalArgumentException.class);
  }

  private static Optional<Outcome> read(String json) {
    return OutcomeJson.read(json.getBytes(StandardCharsets.UTF_8));
  }
}
