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

  private static final Outcome BOUNCED =
      new Outcome(
          "receipt-1018",
          "default",
          "bob@example.net",
          OutcomeType.BOUNCED,
          1,
          Optional.of(new LanePosition("mx-a", Role.PRIMARY, 3, 41823)),
          Optional.of(new SmtpReply("rcpt", 550, Optional.of("5.1.1"), "user unknown")),
          Optional.of(OutcomeCategory.BAD_MAILBOX),
          Optional.empty(),
          Instant.parse("2026-11-24T10:00:00.123Z"),
          Instant.parse("2026-11-24T10:00:00Z"),
          Optional.empty());

  private static final String GOLDEN_BOUNCED =
      """
      {"id":"receipt-1018","route":"default","recipient":"bob@example.net","type":"bounced","attempt":1,"server":"mx-a",\
      "role":"primary","partition":3,"offset":41823,"phase":"rcpt","reply":{"code":550,"enhanced":"5.1.1","text":"user unknown"},\
      "category":"bad-mailbox","at":"2026-11-24T10:00:00.123Z","submittedAt":"2026-11-24T10:00:00Z"}\
      """;

  @Test
  void aFailureHasItsCategoryAndOneOfAnotherVersionIsNone() {
    assertThat(new String(OutcomeJson.write(BOUNCED), StandardCharsets.UTF_8))
        .isEqualTo(GOLDEN_BOUNCED);
    assertThat(read(GOLDEN_BOUNCED)).contains(BOUNCED);
    assertThat(read(GOLDEN_BOUNCED.replace("bad-mailbox", "new")).orElseThrow().category())
        .isEmpty();
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

  @Test
  void theMarkIsTheSameAsOfTheWholeWhereverItsFieldsStand() {
    assertThat(mark(GOLDEN)).contains(OutcomeMark.of(DELIVERED));
    String reversed =
        "{\"at\":\"x\",\"type\":\"delivered\",\"reply\":{\"id\":\"no\"},\"recipient\":\"a@b\",\"route\":\"r\",\"id\":\"i\"}";
    assertThat(mark(reversed)).contains(new OutcomeMark("i", "r", "a@b", OutcomeType.DELIVERED));
    assertThat(mark(GOLDEN.replace("delivered", "opened"))).isEmpty();
    assertThatThrownBy(() -> mark("{\"route\":\"r\"}"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Optional<OutcomeMark> mark(String json) {
    return OutcomeJson.readMark(json.getBytes(StandardCharsets.UTF_8));
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
