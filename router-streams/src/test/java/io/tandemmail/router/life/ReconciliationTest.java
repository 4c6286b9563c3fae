package io.tandemmail.router.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.doubt.InDoubtPolicy;
import io.tandemmail.model.outcome.Outcome;
import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.RouteSettings.Retry;
import io.tandemmail.model.submission.ContentType;
import io.tandemmail.model.submission.Envelope;
import io.tandemmail.model.submission.LastAttempt;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.submission.Role;
import io.tandemmail.router.life.Decision.Counted;
import io.tandemmail.router.life.Decision.Emission;
import io.tandemmail.router.life.Reconciliation.Ended;
import io.tandemmail.router.life.Reconciliation.Place;
import io.tandemmail.router.life.Reconciliation.Unfinished;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReconciliationTest {
  private static final Instant MONDAY = Instant.parse("2026-11-23T10:00:00Z");
  private static final Instant NOW = MONDAY.plus(Duration.ofHours(3));
  private static final Place FIRST = new Place(0, 0);
  private static final Place SECOND = new Place(0, 1);
  private static final Surroundings HEALTHY =
      new Surroundings(ServerHealth::unknown, recipient -> Optional.empty());

  private final Reconciliation reconciliation = new Reconciliation();
  private final MessageLife life =
      new MessageLife(
          Map.of("default", new RouteSettings("default", "a", List.of("b"), Retry.DEFAULT)));

  @Test
  void whatHasNoOutcomeIsTakenInLikeAnyOther() {
    reconciliation.submitted(facts("m", MONDAY), FIRST);

    assertThat(reconciliation.unfinished())
        .containsExactly(new Unfinished(FIRST, Optional.empty(), Optional.empty()));
  }

  @Test
  void whatHasAFinalOutcomeForEachRecipientHasEndedAndIsNotSentAgain() {
    reconciliation.submitted(facts("m", MONDAY), FIRST);
    record("m", MONDAY, "ann@example.net", OutcomeType.ACCEPTED);
    assertThat(record("m", MONDAY, "ann@example.net", OutcomeType.DELIVERED)).isEmpty();
    Ended ended = record("m", MONDAY, "bob@example.net", OutcomeType.BOUNCED).orElseThrow();

    assertThat(reconciliation.unfinished()).isEmpty();
    Decision decision = recovered(ended.state(), Optional.empty());
    assertThat(decision.emissions()).isEmpty();
    assertThat(decision.counted()).isEqualTo(Counted.ACCEPTED_AND_FAILED);
    assertThat(life.admit(facts("m", NOW), decision.state(), HEALTHY, NOW).emissions())
        .extracting(emission -> ((Emission.Event) emission).outcome().type())
        .containsOnly(OutcomeType.DUPLICATE);
  }

  @Test
  void ofWhatHasBegunOnlyTheOpenRecipientsGoOn() {
    MessageFacts facts = facts("m", MONDAY);
    reconciliation.submitted(facts, FIRST);
    record("m", MONDAY, "ann@example.net", OutcomeType.DELIVERED);
    record("m", MONDAY, "bob@example.net", OutcomeType.DEFERRED);

    MessageState found = reconciliation.unfinished().getFirst().found().orElseThrow();
    Decision decision = recovered(found, Optional.of(facts));
    assertThat(decision.counted()).isEqualTo(Counted.ACCEPTED);
    assertThat(decision.emissions())
        .singleElement()
        .isInstanceOfSatisfying(
            Emission.ToLane.class,
            lane ->
                assertThat(lane.facts().envelope().forwardPaths())
                    .containsExactly("bob@example.net"));
  }

  @Test
  void whatWasForLaterIsStillForLater() {
    Instant evening = NOW.plus(Duration.ofHours(5));
    MessageFacts facts = facts("m", MONDAY, Optional.of(evening));
    reconciliation.submitted(facts, FIRST);
    record("m", MONDAY, "ann@example.net", OutcomeType.ACCEPTED);

    MessageState found = reconciliation.unfinished().getFirst().found().orElseThrow();
    assertThat(recovered(found, Optional.of(facts)).emissions())
        .singleElement()
        .isInstanceOfSatisfying(
            Emission.ToSchedule.class, later -> assertThat(later.due()).isEqualTo(evening));
  }

  @Test
  void whatOutlivedItsTimeMeanwhileExpires() {
    MessageFacts facts = facts("m", MONDAY.minus(Duration.ofDays(5)));
    reconciliation.submitted(facts, FIRST);
    record("m", facts.submittedAt(), "ann@example.net", OutcomeType.DEFERRED);

    MessageState found = reconciliation.unfinished().getFirst().found().orElseThrow();
    assertThat(recovered(found, Optional.of(facts)).emissions())
        .extracting(emission -> ((Emission.Event) emission).outcome().type())
        .containsOnly(OutcomeType.EXPIRED);
  }

  @Test
  void anOutcomeEndsTheSubmissionOfItsTimeNotALaterOneOfTheSameId() {
    Instant wednesday = MONDAY.plus(Duration.ofDays(2));
    reconciliation.submitted(facts("m", MONDAY), FIRST);
    reconciliation.submitted(facts("m", wednesday), SECOND);
    record("m", MONDAY, "ann@example.net", OutcomeType.DELIVERED);
    record("m", MONDAY, "bob@example.net", OutcomeType.DELIVERED);

    assertThat(reconciliation.unfinished()).extracting(Unfinished::place).containsExactly(SECOND);
  }

  @Test
  void whatWasADuplicateIsOver() {
    reconciliation.submitted(facts("m", MONDAY), FIRST);
    reconciliation.submitted(facts("m", MONDAY.plusSeconds(1)), SECOND);
    record("m", MONDAY, "ann@example.net", OutcomeType.ACCEPTED);
    record("m", MONDAY.plusSeconds(1), "ann@example.net", OutcomeType.DUPLICATE);

    assertThat(reconciliation.unfinished()).extracting(Unfinished::place).containsExactly(FIRST);
  }

  @Test
  void aDuplicateOfTheSameMillisecondDoesNotEndTheMessageItRepeats() {
    reconciliation.submitted(facts("m", MONDAY), FIRST);
    reconciliation.submitted(facts("m", MONDAY), SECOND);
    record("m", MONDAY, "ann@example.net", OutcomeType.ACCEPTED);
    record("m", MONDAY, "ann@example.net", OutcomeType.DUPLICATE);

    assertThat(reconciliation.unfinished()).extracting(Unfinished::place).containsExactly(FIRST);
  }

  @Test
  void whatWasRejectedIsNotRejectedAgainAndWhatWasNotIs() {
    reconciliation.unreadable("bad", MONDAY, FIRST);
    reconciliation.unreadable("worse", MONDAY, SECOND);
    record("bad", MONDAY, "", OutcomeType.REJECTED);

    assertThat(reconciliation.unfinished())
        .containsExactly(new Unfinished(SECOND, Optional.empty(), Optional.empty()));
  }

  @Test
  void whomTheRouteHeldInDoubtIsHeldAgainAndTheOthersGoOn() {
    MessageFacts facts = inDoubtAtB("ann@example.net");
    record("m", MONDAY, "ann@example.net", OutcomeType.HELD);

    List<Emission> emissions = recoveredWith(InDoubtPolicy.HOLD, facts);

    assertThat(inLane(emissions, "a")).containsExactly("bob@example.net");
    assertThat(inLane(emissions, "b")).isEmpty();
    assertThat(emissions)
        .filteredOn(Emission.ToSchedule.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            Emission.ToSchedule.class,
            waits ->
                assertThat(waits.facts().envelope().forwardPaths())
                    .containsExactly("ann@example.net"));
  }

  @Test
  void whoIsInDoubtGoesBackToTheServerThatMayHaveTheMessage() {
    MessageFacts facts = inDoubtAtB("ann@example.net", "bob@example.net");

    assertThat(inLane(recoveredWith(InDoubtPolicy.RESEND_SAME_SERVER, facts), "b"))
        .containsExactly("ann@example.net", "bob@example.net");
  }

  @Test
  void aDoubtThatWasResolvedOrTriedAgainSinceHoldsNobody() {
    MessageFacts facts = inDoubtAtB("ann@example.net", "bob@example.net");
    record("m", MONDAY, "ann@example.net", OutcomeType.RESOLVED);
    record("m", MONDAY, "bob@example.net", OutcomeType.DEFERRED);

    assertThat(inLane(recoveredWith(InDoubtPolicy.HOLD, facts), "a"))
        .containsExactly("ann@example.net", "bob@example.net");
  }

  /** A message of which these recipients are. */
  private MessageFacts inDoubtAtB(String... recipients) {
    MessageFacts facts = facts("m", MONDAY);
    reconciliation.submitted(facts, FIRST);
    for (String recipient : recipients) {
      record("m", MONDAY, recipient, OutcomeType.IN_DOUBT, Optional.of("b"));
    }
    return facts;
  }

  @Test
  void whatIsToldTwiceIsCountedOnce() {
    MessageFacts facts = facts("m", MONDAY);
    reconciliation.submitted(facts, FIRST);
    record("m", MONDAY, "ann@example.net", OutcomeType.DELIVERED);
    MessageState found = reconciliation.unfinished().getFirst().found().orElseThrow();
    Decision once = recovered(found, Optional.of(facts));

    Recovered again = new Recovered(found, Optional.of(facts), LastAttempt.NONE);
    assertThat(life.recovered(again, once.state(), HEALTHY, NOW)).isEqualTo(Decision.NOTHING);
  }

  private Decision recovered(MessageState found, Optional<MessageFacts> facts) {
    Recovered message = new Recovered(found, facts, LastAttempt.NONE);
    return life.recovered(message, Optional.empty(), HEALTHY, NOW);
  }

  /** What becomes of the one unfinished message where the route does this with mail in doubt. */
  private List<Emission> recoveredWith(InDoubtPolicy policy, MessageFacts facts) {
    RouteSettings route = new RouteSettings("default", "a", List.of("b"), Retry.DEFAULT);
    Unfinished unfinished = reconciliation.unfinished().getFirst();
    return new MessageLife(Map.of("default", route.withInDoubt(policy)))
        .recovered(
            new Recovered(
                unfinished.found().orElseThrow(),
                Optional.of(facts),
                new LastAttempt(Optional.empty(), unfinished.doubt())),
            Optional.empty(),
            HEALTHY,
            NOW)
        .emissions();
  }

  private static List<String> inLane(List<Emission> emissions, String server) {
    return emissions.stream()
        .filter(Emission.ToLane.class::isInstance)
        .map(Emission.ToLane.class::cast)
        .filter(lane -> lane.assignment().server().equals(server))
        .flatMap(lane -> lane.facts().envelope().forwardPaths().stream())
        .toList();
  }

  private Optional<Ended> record(
      String id, Instant submittedAt, String recipient, OutcomeType type) {
    return record(id, submittedAt, recipient, type, Optional.empty());
  }

  /**
   * @param server in whose lane the attempt was made
   */
  private Optional<Ended> record(
      String id, Instant submittedAt, String recipient, OutcomeType type, Optional<String> server) {
    Outcome outcome =
        new Outcome(
            id,
            "default",
            recipient,
            type,
            0,
            server.map(name -> new Outcome.LanePosition(name, Role.SECONDARY, 0, 3)),
            Optional.empty(),
            Optional.empty(),
            submittedAt.plusSeconds(2),
            submittedAt,
            Optional.empty());
    return reconciliation.recorded(outcome, 7);
  }

  private static MessageFacts facts(String id, Instant submittedAt) {
    return facts(id, submittedAt, Optional.empty());
  }

  private static MessageFacts facts(String id, Instant submittedAt, Optional<Instant> sendAt) {
    return new MessageFacts(
        id,
        "default",
        new Envelope("shop@example.com", List.of("ann@example.net", "bob@example.net")),
        ContentType.JSON,
        submittedAt,
        sendAt,
        Optional.empty(),
        0,
        0,
        Optional.empty());
  }
}
