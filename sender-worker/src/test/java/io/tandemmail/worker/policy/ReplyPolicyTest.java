package io.tandemmail.worker.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.Outcome.LanePosition;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.settings.RouteSettings.Retry;
import io.tandemmail.model.submission.ContentType;
import io.tandemmail.model.submission.Envelope;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.submission.ReturnReason;
import io.tandemmail.model.submission.Role;
import io.tandemmail.worker.smtp.Fault;
import io.tandemmail.worker.smtp.Phase;
import io.tandemmail.worker.smtp.RecipientResult;
import io.tandemmail.worker.smtp.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyPolicyTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final LanePosition LANE = new LanePosition("mx-a", Role.PRIMARY, 3, 7);

  @ParameterizedTest
  @CsvSource({
    "FINAL_DOT, 250, DELIVERED, false",
    "FINAL_DOT, 299, DELIVERED, false",
    "FINAL_DOT, 451, DEFERRED, false",
    "FINAL_DOT, 554, BOUNCED, false",
    "RCPT, 450, DEFERRED, false",
    "RCPT, 452, DEFERRED, false",
    "RCPT, 550, BOUNCED, false",
    "DATA, 451, DEFERRED, false",
    "DATA, 554, BOUNCED, false",
    "MAIL, 451, DEFERRED, true",
    "MAIL, 550, BOUNCED, false",
    "MAIL, 421, DEFERRED, true",
    "RCPT, 421, DEFERRED, true",
    "DATA, 421, DEFERRED, true",
    "FINAL_DOT, 421, DEFERRED, true",
    "RCPT, 250, DEFERRED, true",
    "FINAL_DOT, 354, DEFERRED, true"
  })
  void eachRowOfTheTable(Phase phase, int code, Verdict.Type type, boolean againstServer) {
    RecipientResult result =
        new RecipientResult.Answered("a@example.net", phase, new Reply(code, Optional.empty(), ""));

    assertThat(ReplyPolicy.judge(result)).isEqualTo(new Verdict(type, againstServer));
  }

  @Test
  void faultsBeforeTheDotAreTheServersAndAfterItInDoubt() {
    Fault reset = new Fault(Fault.Kind.RESET, Phase.DATA, "");

    assertThat(ReplyPolicy.judge(new RecipientResult.Faulted("a@example.net", reset)))
        .isEqualTo(new Verdict(Verdict.Type.DEFERRED, true));
    assertThat(ReplyPolicy.judge(new RecipientResult.InDoubt("a@example.net", reset)))
        .isEqualTo(new Verdict(Verdict.Type.IN_DOUBT, true));
    assertThat(
            ReplyPolicy.judge(
                new RecipientResult.Faulted(
                    "a@example.net", new Fault(Fault.Kind.NOT_FRESH, Phase.MAIL, ""))))
        .isEqualTo(new Verdict(Verdict.Type.NOT_TRIED, false));
  }

  @Test
  void onlyRecipientsStillOpenAreGivenBack() {
    AttemptReport report =
        AttemptReport.of(
            facts(),
            LANE,
            List.of(
                answered("ann@example.net", Phase.FINAL_DOT, 250),
                answered("bob@example.net", Phase.RCPT, 450),
                answered("cid@example.net", Phase.RCPT, 550)),
            Retry.DEFAULT,
            NOW);

    assertThat(report.outcomes())
        .extracting(Outcome::type)
        .containsExactly(OutcomeType.DELIVERED, OutcomeType.DEFERRED, OutcomeType.BOUNCED);
    assertThat(report.outcomes())
        .allMatch(outcome -> outcome.attempt() == 1 && outcome.lane().equals(Optional.of(LANE)));
    AttemptReport.GiveBack back = report.giveBack().orElseThrow();
    assertThat(back.facts().envelope().forwardPaths()).containsExactly("bob@example.net");
    assertThat(back.facts().attempt()).isEqualTo(1);
    assertThat(back.notBefore().orElseThrow()).isAfterOrEqualTo(NOW.plusSeconds(60));
  }

  @Test
  void aMessageWithoutTimeForAnotherTryIsGivenBackAsExpired() {
    AttemptReport report =
        AttemptReport.of(
            facts(),
            LANE,
            List.of(answered("ann@example.net", Phase.RCPT, 450)),
            new Retry(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofSeconds(30)),
            NOW);

    assertThat(report.giveBack().orElseThrow().reason()).isEqualTo(ReturnReason.EXPIRED);
  }

  @Test
  void notTriedRecordsNothing() {
    RecipientResult untried =
        new RecipientResult.Faulted(
            "ann@example.net", new Fault(Fault.Kind.NOT_FRESH, Phase.MAIL, ""));

    assertThat(AttemptReport.of(facts(), LANE, List.of(untried), Retry.DEFAULT, NOW).isEmpty())
        .isTrue();
  }

  private static RecipientResult answered(String recipient, Phase phase, int code) {
    return new RecipientResult.Answered(recipient, phase, new Reply(code, Optional.empty(), ""));
  }

  private static MessageFacts facts() {
    return new MessageFacts(
        "m1",
        "default",
        new Envelope("", List.of("ann@example.net", "bob@example.net", "cid@example.net")),
        ContentType.JSON,
        NOW,
        Optional.empty(),
        Optional.empty(),
        0,
        0,
        Optional.empty());
  }
}
