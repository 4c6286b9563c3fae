package io.tandemmail.worker.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.server.ServerObservation;
import io.tandemmail.model.server.ServerObservation.Kind;
import io.tandemmail.model.server.ServerObservation.Load;
import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.smtp.ConnectResult;
import io.tandemmail.smtp.EnhancedCode;
import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.Reply;
import io.tandemmail.smtp.ServerEndpoint;
import io.tandemmail.smtp.SmtpTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ServerWatchTest {
  private static final Duration A_SECOND = Duration.ofSeconds(1);
  private static final ServerEndpoint MX_A =
      ServerEndpoint.of(ServerSettings.plain("mx-a", "mx-a.test", 25), "w.test");

  private final List<ServerObservation> reports = new ArrayList<>();
  private final ProbePace pace = new ProbePace(Duration.ofSeconds(2), 5);
  private Duration now = Duration.ofDays(3);
  private final ServerWatch watch =
      new ServerWatch("mx-a", "worker-1", reports::add, () -> now.toNanos());

  @Test
  void faultsAreToldAtOnceAndSuccessesWhenAsked() {
    watch.transactionSucceeded();
    watch.transactionSucceeded();
    assertThat(reports).isEmpty();

    watch.transactionFailed("reset");
    assertThat(reports)
        .singleElement()
        .satisfies(r ->
            assertThat(List.of(r.succeeded(), r.failed(), r.failedInARow()))
                .containsExactly(2, 1, 1));

    watch.sessionFailed("refused");
    assertThat(last().failedInARow()).isEqualTo(2);
    assertThat(last().evidence()).isEqualTo("refused");
  }

  @Test
  void theFirstSuccessAfterFaultsIsToldAtOnce() {
    watch.transactionFailed("reset");
    watch.transactionSucceeded();

    assertThat(reports).hasSize(2);
    assertThat(last().failedInARow()).isZero();
  }

  @Test
  void aProbeThatSucceedsSaysNothingOfAServerThatFailsAtTheDot() {
    for (int message = 0; message < 4; message++) {
      watch.transactionFailed("closed at final-dot");
      probe(connected());
    }
    assertThat(last().failedInARow()).isEqualTo(4);

    watch.sessionFailed("refused");
    assertThat(last().failedInARow()).isEqualTo(5);
    probe(connected());
    assertThat(last().failedInARow()).as("sessions can be opened again").isEqualTo(4);

    pass(Duration.ofSeconds(61));
    probe(connected());
    assertThat(last().failedInARow()).as("of no interest any more").isZero();
  }

  @Test
  void whatTrafficProvesNeedsNoProbe() {
    pass(Duration.ofSeconds(3));
    watch.transactionSucceeded();
    pass(Duration.ofMillis(1900));
    assertThat(watch.beginProbe(pace)).isFalse();
    pass(Duration.ofMillis(200));
    assertThat(watch.beginProbe(pace)).isTrue();
  }

  @Test
  void everyWayToFailAProbeCountsAgainstTheServer() {
    for (ConnectResult result :
        List.of(
            fault(Fault.Kind.REFUSED, Phase.CONNECT),
            fault(Fault.Kind.CONNECT_TIMEOUT, Phase.CONNECT),
            fault(Fault.Kind.RESET, Phase.GREETING),
            fault(Fault.Kind.REPLY_TIMEOUT, Phase.GREETING),
            refused(Phase.GREETING, 421),
            refused(Phase.EHLO, 451),
            fault(Fault.Kind.TLS, Phase.STARTTLS),
            refused(Phase.AUTH, 535))) {
      int before = reports.isEmpty() ? 0 : last().failedInARow();
      probe(result);
      assertThat(last().failedInARow()).as(result.toString()).isEqualTo(before + 1);
      assertThat(last().failed()).isEqualTo(1);
      assertThat(last().kind()).isEqualTo(Kind.PROBE);
    }
  }

  @Test
  void aServerThatSaysNothingIsKnownInLessThanThreeSeconds() {
    for (int connections : List.of(1, 2, 4, 10, 40)) {
      assertThat(detection(connections, ServerWatch::transactionBegan))
          .as("with %s transactions under way", connections)
          .isLessThan(Duration.ofMillis(2500));
    }
  }

  /** Each probe of it succeeds, and what waits for it would wait for minutes. */
  @Test
  void aServerThatGreetsAndNeverAnswersTheDotIsKnownInLessThanThreeSeconds() {
    for (int connections : List.of(1, 2, 4, 10, 40)) {
      ServerWatch mute = new ServerWatch("mx-a", "worker-1", reports::add, () -> now.toNanos());
      answers(mute, Duration.ofMillis(50));
      for (int i = 0; i < connections; i++) {
        mute.transactionBegan();
      }
      Duration began = now;
      reports.clear();
      while (reports.isEmpty() || last().failedInARow() < 5) {
        pass(Duration.ofMillis(50));
        mute.tellSilence(pace);
      }
      assertThat(now.minus(began))
          .as("with %s transactions under way", connections)
          .isBetween(Duration.ofSeconds(2), Duration.ofMillis(2900));
      int told = reports.size();
      for (int i = 0; i < 100; i++) {
        pass(Duration.ofMillis(50));
        mute.tellSilence(pace);
      }
      assertThat(reports).as("that is enough, or it could not come back").hasSize(told);

      mute.backlog(connections + 1);
      mute.tellSilence(pace);
      assertThat(last().failed()).as("mail waits and no connection is free").isEqualTo(connections);
      told = reports.size();

      mute.transactionBegan();
      pass(Duration.ofMillis(1900));
      mute.tellSilence(pace);
      assertThat(reports).as("the next one has its time").hasSize(told);
    }
  }

  @Test
  void aServerThatIsUsuallySlowOrNotKnownYetIsNotTakenForSilent() {
    watch.transactionBegan();
    pass(Duration.ofSeconds(30));
    watch.tellSilence(pace);
    watch.transactionEnded(Duration.ofSeconds(30));
    answers(watch, Duration.ofMillis(500));
    watch.transactionBegan();
    pass(Duration.ofSeconds(9));
    watch.tellSilence(pace);

    assertThat(reports).isEmpty();
  }

  /** Its transactions ended after all, each long after its time. */
  @Test
  void aSecondSilenceIsKnownAsSoonAsTheFirst() {
    for (int i = 0; i < 100; i++) {
      answers(watch, Duration.ofMillis(50));
    }
    for (int i = 0; i < 12; i++) {
      watch.transactionBegan();
    }
    pass(Duration.ofSeconds(30));
    for (int i = 0; i < 12; i++) {
      watch.transactionEnded(Duration.ofSeconds(30));
    }
    reports.clear();
    for (int i = 0; i < 5; i++) {
      watch.transactionBegan();
    }
    pass(Duration.ofSeconds(3));
    watch.tellSilence(pace);

    assertThat(last().failed()).isEqualTo(5);
  }

  private void answers(ServerWatch server, Duration took) {
    server.transactionBegan();
    pass(took);
    server.transactionEnded(took);
  }

  /** Its connections for mail wait for a greeting, and none is free for a probe that is in no hurry. */
  @Test
  void aServerThatGreetsNobodyIsKnownAsSoon() {
    for (int connections : List.of(1, 2, 4, 10, 40)) {
      assertThat(detection(connections, ServerWatch::openingBegan))
          .as("with %s sessions being opened", connections)
          .isLessThan(Duration.ofMillis(2500));
    }
  }

  @Test
  void transactionsThatProbesFindStalledCountOnce() {
    watch.transactionBegan();
    watch.transactionBegan();
    watch.transactionBegan();
    pass(A_SECOND);
    probe(fault(Fault.Kind.REPLY_TIMEOUT, Phase.GREETING));
    assertThat(last().failedInARow()).isEqualTo(4);
    assertThat(last().evidence()).endsWith(", 3 transactions stalled");

    probe(fault(Fault.Kind.REPLY_TIMEOUT, Phase.GREETING));
    assertThat(last().failedInARow()).isEqualTo(5);
  }

  /** A server that counts connections has enough of them with those that are slow; that is no fault and no silence. */
  @Test
  void aProbeThatIsTurnedAwayBesideSlowTransactionsSaysNothingAgainstTheServer() {
    watch.transactionBegan();
    pass(A_SECOND);
    int before = reports.size();
    for (int i = 0; i < 10; i++) {
      probe(refused(Phase.GREETING, 421));
    }
    assertThat(reports).hasSize(before);

    probe(fault(Fault.Kind.REPLY_TIMEOUT, Phase.GREETING));
    assertThat(last().failedInARow()).isEqualTo(2);
    probe(refused(Phase.GREETING, 421));
    assertThat(last().failedInARow()).as("it fails otherwise, too").isEqualTo(3);
  }

  @Test
  void onlySuspicionIsInAHurry() {
    pass(Duration.ofSeconds(3));
    assertThat(watch.wantsProbe(pace)).isTrue();
    assertThat(watch.isSuspect(pace)).isFalse();

    watch.sessionFailed("refused");
    assertThat(watch.isSuspect(pace)).isTrue();
  }

  @Test
  void transactionsThatMoveAreNotBlamed() {
    watch.transactionBegan();
    watch.transactionBegan();
    pass(A_SECOND);
    watch.transactionEnded(A_SECOND);
    probe(fault(Fault.Kind.RESET, Phase.GREETING));

    assertThat(last().failedInARow()).isEqualTo(1);
  }

  /** While mail flows there is no probe. */
  @Test
  void aSessionForMailTellsWhatIsOddAboutAServerThatWorks() {
    watch.sessionOpened("1 of 4 addresses avoided");
    answers(watch, Duration.ofMillis(30));
    watch.flush();

    assertThat(last().evidence()).isEqualTo("1 of 4 addresses avoided");
  }

  @Test
  void aSlowServerThatAnswersProbesIsProbedLessAndLess() {
    watch.transactionBegan();
    int probes = 0;
    for (int tick = 0; tick < 400; tick++) {
      pass(Duration.ofMillis(50));
      if (watch.beginProbe(pace)) {
        watch.probeSucceeded("");
        probes++;
      }
    }
    assertThat(probes).as("in 20 s, of which one each 2 s is usual").isBetween(9, 15);
  }

  @Test
  void aDeadServerIsProbedAtTheUsualPaceOnceThatIsKnown() {
    int probes = 0;
    for (int tick = 0; tick < 1200; tick++) {
      pass(Duration.ofMillis(50));
      if (watch.beginProbe(pace)) {
        watch.probeFailed("refused");
        probes++;
      }
    }
    assertThat(probes).as("in 60 s").isBetween(35, 42);
  }

  @Test
  void theLoadIsToldWhileThereIsOneAndOnceWhenItIsGone() {
    watch.backlog(120);
    watch.transactionBegan();
    watch.transactionEnded(Duration.ofMillis(30));
    watch.transactionBegan();
    watch.transactionEnded(Duration.ofMillis(50));
    pass(Duration.ofMillis(500));
    watch.flush();
    assertThat(last().load()).contains(new Load(120, 4, 40));

    watch.backlog(0);
    pass(Duration.ofMillis(500));
    watch.flush();
    assertThat(last().load()).contains(Load.NONE);
    watch.flush();
    assertThat(reports).hasSize(2);
  }

  @Test
  void anAvoidedAddressIsEvidenceAndNoFault() {
    watch.beginProbe(new ProbePace(Duration.ZERO, 5));
    watch.probeSucceeded("1 of 4 addresses avoided: 192.0.2.3 (refused)");

    assertThat(last().failedInARow()).isZero();
    assertThat(last().evidence()).startsWith("1 of 4");
  }

  /** From the first silence to five faults, each probe with a time-out of a second. */
  private Duration detection(int connections, Consumer<ServerWatch> begin) {
    reports.clear();
    ServerWatch silent = new ServerWatch("mx-a", "worker-1", reports::add, () -> now.toNanos());
    for (int i = 0; i < connections; i++) {
      begin.accept(silent);
    }
    Duration began = now;
    List<Duration> timeouts = new ArrayList<>();
    while (reports.isEmpty() || last().failedInARow() < 5) {
      pass(Duration.ofMillis(50));
      while (!timeouts.isEmpty() && timeouts.getFirst().compareTo(now) <= 0) {
        timeouts.removeFirst();
        silent.probeFailed("reply-timeout at greeting");
      }
      if (silent.beginProbe(pace)) {
        timeouts.add(now.plus(A_SECOND));
      }
    }
    return now.minus(began);
  }

  @Test
  void aServerIsOutOfReachWhenNoSessionIsHadForAWhile() {
    for (int i = 0; i < 5; i++) {
      assertThat(watch.isOutOfReach(pace)).isFalse();
      watch.sessionFailed("refused");
      pass(Duration.ofMillis(300));
    }
    assertThat(watch.isOutOfReach(pace)).isTrue();

    probe(connected());
    assertThat(watch.isOutOfReach(pace)).as("it answers").isFalse();

    for (int i = 0; i < 50; i++) {
      watch.sessionFailed("refused");
    }
    assertThat(watch.isOutOfReach(pace)).as("the cluster decides first").isFalse();
    pass(Duration.ofSeconds(1));
    watch.transactionSucceeded();
    pass(Duration.ofSeconds(1));
    assertThat(watch.isOutOfReach(pace)).as("over a session that is open").isFalse();
  }

  private void probe(ConnectResult result) {
    assertThat(watch.beginProbe(new ProbePace(Duration.ZERO, 1000))).isTrue();
    SmtpTransport scripted = endpoint -> result;
    Watches.probe(scripted, MX_A, watch);
  }

  private static ConnectResult connected() {
    return new ConnectResult.Connected(new GoneSession());
  }

  private static ConnectResult fault(Fault.Kind kind, Phase phase) {
    return new ConnectResult.Unreachable(new Fault(kind, phase, "scripted"));
  }

  private static ConnectResult refused(Phase phase, int code) {
    return new ConnectResult.Refused(phase, new Reply(code, Optional.<EnhancedCode>empty(), "no"));
  }

  private ServerObservation last() {
    return reports.getLast();
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }
}
