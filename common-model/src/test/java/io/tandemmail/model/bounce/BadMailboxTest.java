package io.tandemmail.model.bounce;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.Outcome.SmtpReply;
import io.tandemmail.model.outcome.OutcomeType;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BadMailboxTest {
  @Test
  void anUnknownUserIsBad() {
    assertThat(bad("rcpt", 550, "5.1.1")).isTrue();
    assertThat(bad("rcpt", 550, "")).isTrue();
    assertThat(bad("rcpt", 553, "5.0.0")).isTrue();
    assertThat(bad("report", 0, "5.1.10")).isTrue();
  }

  @Test
  void policyAFullMailboxAndTheSendersOwnAddressAreNot() {
    assertThat(bad("rcpt", 550, "5.7.1")).isFalse();
    assertThat(bad("rcpt", 552, "5.2.2")).isFalse();
    assertThat(bad("rcpt", 553, "5.1.8")).isFalse();
    assertThat(bad("rcpt", 552, "")).isFalse();
    assertThat(bad("rcpt", 450, "4.1.1")).isFalse();
  }

  @Test
  void aRefusalOfTheContentSaysNothingAboutTheMailbox() {
    assertThat(bad("final-dot", 550, "5.1.1")).isFalse();
    assertThat(bad("mail", 550, "")).isFalse();
  }

  @Test
  void onlyABounceCounts() {
    assertThat(BadMailbox.isSaidBy(outcome(OutcomeType.DEFERRED, "rcpt", 550, "5.1.1"))).isFalse();
    assertThat(BadMailbox.isSaidBy(outcome(OutcomeType.LATE_BOUNCED, "report", 550, "5.1.1")))
        .isTrue();
  }

  private static boolean bad(String phase, int code, String enhanced) {
    return BadMailbox.isSaidBy(outcome(OutcomeType.BOUNCED, phase, code, enhanced));
  }

  private static Outcome outcome(OutcomeType type, String phase, int code, String enhanced) {
    Optional<String> precise = enhanced.isEmpty() ? Optional.empty() : Optional.of(enhanced);
    return new Outcome(
        "m1",
        "default",
        "ann@example.net",
        type,
        1,
        Optional.empty(),
        Optional.of(new SmtpReply(phase, code, precise, "no")),
        Optional.empty(),
        Instant.EPOCH,
        Instant.EPOCH,
        Optional.empty());
  }
}
