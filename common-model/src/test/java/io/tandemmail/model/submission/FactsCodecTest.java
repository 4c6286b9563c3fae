package io.tandemmail.model.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.model.wire.Headers.Header;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FactsCodecTest {
  private static final MessageFacts FACTS =
      new MessageFacts(
          "receipt-1017",
          "default",
          new Envelope("", List.of("ann@example.net", "bob@example.net")),
          ContentType.JSON,
          Instant.parse("2026-11-24T10:00:00.123Z"),
          Optional.of(Instant.parse("2026-12-01T08:00:00Z")),
          Optional.of(Instant.parse("2026-12-03T00:00:00Z")),
          2,
          1,
          Optional.of("{\"order\":\"1017\"}"));

  @Test
  void factsAndAssignmentSurviveTheHeaders() {
    Assignment assignment = new Assignment("mx-a", Role.SECONDARY, 7);
    Headers headers = FactsCodec.write(FACTS, assignment);

    assertThat(FactsCodec.facts(headers)).isEqualTo(FACTS);
    assertThat(FactsCodec.assignment(headers)).isEqualTo(assignment);
  }

  /** Users read these with any Kafka tool: a change here breaks them. */
  @Test
  void headersLookAsPromised() {
    String golden =
        FactsCodec.write(FACTS, new Assignment("mx-a", Role.SECONDARY, 7)).all().stream()
            .map(header -> header.name() + ": " + header.text())
            .collect(Collectors.joining("\n"));

    assertThat(golden)
        .isEqualTo(
            """
            tandem-id: receipt-1017
            tandem-route: default
            content-type: application/json
            tandem-mail-from:\s
            tandem-rcpt-to: ann@example.net
            tandem-rcpt-to: bob@example.net
            tandem-submitted-at: 2026-11-24T10:00:00.123Z
            tandem-send-at: 2026-12-01T08:00:00Z
            tandem-expires-at: 2026-12-03T00:00:00Z
            tandem-attempt: 2
            tandem-hops: 1
            tandem-metadata: {"order":"1017"}
            tandem-server: mx-a
            tandem-role: secondary
            tandem-epoch: 7\
            """);
  }

  @Test
  void aReturnCarriesItsReasonAndTime() {
    Instant due = Instant.parse("2026-11-24T10:05:00Z");
    Headers headers = FactsCodec.writeReturn(FACTS, ReturnReason.DEFERRED, Optional.of(due));

    assertThat(FactsCodec.returnReason(headers)).contains(ReturnReason.DEFERRED);
    assertThat(FactsCodec.notBefore(headers)).contains(due);
  }

  @Test
  void whatTheLastAttemptSaysTravelsWithAReturnAndIntoTheSchedule() {
    LastAttempt last =
        new LastAttempt(
            Optional.of("mx-a"),
            Optional.of(new LastAttempt.Doubt("mx-b", List.of("ann@example.net"))));
    Headers returned = FactsCodec.writeReturn(FACTS, ReturnReason.DEFERRED, Optional.empty(), last);

    assertThat(returned.last("tandem-avoid")).contains("mx-a");
    assertThat(FactsCodec.lastAttempt(returned)).isEqualTo(last);
    assertThat(FactsCodec.lastAttempt(FactsCodec.writeScheduled(FACTS, last))).isEqualTo(last);
    assertThat(
            FactsCodec.lastAttempt(FactsCodec.write(FACTS, new Assignment("b", Role.PRIMARY, 1))))
        .isEqualTo(LastAttempt.NONE);
  }

  @Test
  void anUnreadableHeaderIsNamed() {
    List<Header> bad =
        FactsCodec.write(FACTS).all().stream()
            .map(h ->
                h.name().equals(HeaderNames.ATTEMPT) ? Header.of(HeaderNames.ATTEMPT, "many") : h)
            .toList();

    assertThatThrownBy(() -> FactsCodec.facts(new Headers(bad)))
        .hasMessageContaining("tandem-attempt");
    assertThatThrownBy(() -> FactsCodec.facts(Headers.NONE)).hasMessageContaining("tandem-rcpt-to");
  }
}
