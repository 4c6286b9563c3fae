package io.tandemmail.standalone.whatif;

import static io.tandemmail.standalone.whatif.MadeUp.START;
import static io.tandemmail.standalone.whatif.MadeUp.lane;
import static io.tandemmail.standalone.whatif.MadeUp.server;
import static io.tandemmail.standalone.whatif.MadeUp.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.standalone.whatif.Figures.LaneFigures;
import io.tandemmail.standalone.whatif.Figures.ServerFigures;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every number here is worked out by hand. */
class ReplayTest {
  private static final String DEFAULT = "default: { primary: a, secondary: b }";
  private static final Settings AMPLE = settings("a: { host: ha }, b: { host: hb }", DEFAULT);

  @Test
  void twiceTheRateForAHundredSecondsTakesTwoHundred() {
    Settings capped = settings("a: { host: ha, max-rate: 5/s }", "default: { primary: a }");

    Figures figures = new MadeUp().arrive("default", 10, 0, 100).replay(capped, 300);

    ServerFigures a = server(figures, "a");
    assertThat(a.cap()).isEqualTo(new ServerCap("max-rate", 5));
    assertThat(a.largestBacklog()).isEqualTo(500);
    assertThat(a.largestAt()).contains(START.plusSeconds(100));
    assertThat(a.drainedAt()).contains(START.plusSeconds(200));
    assertThat(a.longestWaitSeconds()).isEqualTo(100);
    assertThat(a.delayed()).isEqualTo(995);
    assertThat(a.capSeconds()).isEqualTo(199);
    assertThat(a.capFirstAt()).contains(START);
    assertThat(a.peakPerSecond()).isEqualTo(10);
    assertThat(a.peakPercentOfCap()).isEqualTo(200);
    assertThat(lane(figures, "default", "a"))
        .isEqualTo(new LaneFigures("default", "a", "primary", 1000, 0, 0, 1000, 100, 0));
  }

  @Test
  void whatIsNotServedAtTheEndOfTheWindowWaitsAndHasWaitedUntilThen() {
    Settings capped = settings("a: { host: ha, max-rate: 5/s }", "default: { primary: a }");

    Figures figures = new MadeUp().arrive("default", 10, 0, 100).replay(capped, 100);

    assertThat(lane(figures, "default", "a").waiting()).isEqualTo(500);
    assertThat(server(figures, "a").drainedAt()).isEmpty();
    // Seconds 0 to 49 were served; the oldest that waits came in second 50.
    assertThat(server(figures, "a").longestWaitSeconds()).isEqualTo(50);
  }

  @Test
  void aPrimaryThatIsDownForTwentySecondsMovesTwoHundredMessages() {
    Figures figures =
        new MadeUp()
            .arrive("default", 10, 0, 60)
            .change(20, "a", ServerState.DOWN, 0)
            .change(40, "a", ServerState.UP, 100)
            .replay(AMPLE, 60);

    assertThat(lane(figures, "default", "a").delivered()).isEqualTo(400);
    assertThat(lane(figures, "default", "b").delivered()).isEqualTo(200);
    assertThat(lane(figures, "default", "b").sharePercent()).isEqualTo(100.0 / 3);
    assertThat(figures.servers()).allMatch(server -> server.capSeconds() == 0);
    assertThat(figures.withoutServer()).isEmpty();
  }

  @Test
  void whatWaitsForAServerThatLeavesServiceIsDeliveredByItsStandIn() {
    Settings slow = settings("a: { host: ha, max-rate: 5/s }, b: { host: hb }", DEFAULT);

    Figures figures =
        new MadeUp()
            .arrive("default", 10, 0, 20)
            .change(20, "a", ServerState.DOWN, 0)
            .replay(slow, 40);

    assertThat(lane(figures, "default", "a"))
        .isEqualTo(new LaneFigures("default", "a", "primary", 200, 0, 100, 100, 50, 0));
    assertThat(lane(figures, "default", "b"))
        .isEqualTo(new LaneFigures("default", "b", "secondary", 0, 100, 0, 100, 50, 0));
    // What came in seconds 0 to 9 was served; the oldest that moves came in second 10.
    assertThat(server(figures, "b").longestWaitSeconds()).isEqualTo(10);
    assertThat(server(figures, "b").peakPerSecond()).isZero();
  }

  @Test
  void withNobodyInServiceMailWaitsWhereItIsAndIsCounted() {
    Figures figures =
        new MadeUp()
            .arrive("default", 10, 0, 30)
            .change(10, "a", ServerState.DOWN, 0)
            .change(10, "b", ServerState.DRAINED, 0)
            .change(15, "a", ServerState.UP, 100)
            .replay(AMPLE, 30);

    assertThat(figures.withoutServer()).containsOnly(Map.entry("default", 50L));
    ServerFigures a = server(figures, "a");
    assertThat(a.largestBacklog()).isEqualTo(50);
    assertThat(a.largestAt()).contains(START.plusSeconds(15));
    assertThat(a.drainedAt()).contains(START.plusSeconds(16));
    assertThat(a.longestWaitSeconds()).isEqualTo(5);
    assertThat(a.capHit()).as("it was out of service, no cap held it back").isFalse();
    assertThat(lane(figures, "default", "a").movedOut()).isZero();
  }

  @Test
  void whatASecondaryLeavesBehindIsSharedAsThePrimarysShareSays() {
    Settings three =
        settings(
            "a: { host: ha }, b: { host: hb, max-rate: 1/s }, c: { host: hc }",
            "default: { primary: a, secondary: [b, c] }");

    Figures figures =
        new MadeUp()
            .change(0, "a", ServerState.DOWN, 0)
            .arrive("default", 2, 0, 100)
            .change(100, "a", ServerState.RECOVERING, 30)
            .change(100, "b", ServerState.DOWN, 0)
            .replay(three, 110);

    assertThat(lane(figures, "default", "b").movedOut()).isEqualTo(100);
    assertThat(lane(figures, "default", "a").movedIn()).isEqualTo(30);
    assertThat(lane(figures, "default", "c").movedIn()).isEqualTo(70);
  }

  @Test
  void onlyTheRouteThatHasAStandInMoves() {
    Settings two =
        settings(
            "a: { host: ha, max-rate: 1/s }, b: { host: hb }",
            "alone: { primary: a }, default: { primary: a, secondary: b }");

    Figures figures =
        new MadeUp()
            .arrive("alone", 4, 0, 1)
            .arrive("default", 4, 0, 1)
            .change(1, "a", ServerState.DOWN, 0)
            .replay(two, 10);

    assertThat(lane(figures, "alone", "a"))
        .isEqualTo(new LaneFigures("alone", "a", "primary", 4, 0, 0, 1, 100, 3));
    assertThat(lane(figures, "default", "b").movedIn()).isEqualTo(4);
    assertThat(lane(figures, "default", "b").delivered()).isEqualTo(4);
  }

  @Test
  void connectionsCapWhatTheTransactionTimeLetsThemDo() {
    Settings few =
        settings("a: { host: ha, max-connections: 2, max-rate: 50/s }", "default: { primary: a }");

    Figures figures =
        new MadeUp().arrive("default", 8, 0, 5).transactionSeconds(0.5).replay(few, 20);

    assertThat(server(figures, "a").cap()).isEqualTo(new ServerCap("max-connections", 4));
    assertThat(server(figures, "a").largestBacklog()).isEqualTo(20);
    assertThat(server(figures, "a").drainedAt()).contains(START.plusSeconds(10));
  }

  @Test
  void aRateBelowOnePerSecondIsKept() {
    Settings slow = settings("a: { host: ha, max-rate: 30/m }", "default: { primary: a }");

    Figures figures = new MadeUp().arrive("default", 1, 0, 10).replay(slow, 30);

    assertThat(server(figures, "a").drainedAt()).contains(START.plusSeconds(20));
  }

  @Test
  void anIdleServerSavesNothingUp() {
    Settings capped = settings("a: { host: ha, max-rate: 5/s }", "default: { primary: a }");

    Figures figures = new MadeUp().arrive("default", 20, 10, 11).replay(capped, 30);

    assertThat(server(figures, "a").largestBacklog()).isEqualTo(15);
    assertThat(server(figures, "a").drainedAt()).contains(START.plusSeconds(14));
  }

  @Test
  void mailOfARouteThatIsNotConfiguredWouldBeRefused() {
    Figures figures =
        new MadeUp().arrive("default", 1, 0, 3).arrive("gone", 2, 0, 3).replay(AMPLE, 3);

    assertThat(figures.refused()).containsOnly(Map.entry("gone", 6L));
    assertThat(figures.refusedMessages()).isEqualTo(6);
    assertThat(lane(figures, "default", "a").delivered()).isEqualTo(3);
  }
}
