package io.tandemmail.router.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.server.ServerJson;
import io.tandemmail.model.server.ServerObservation;
import io.tandemmail.model.server.ServerObservation.Kind;
import io.tandemmail.model.server.ServerObservation.Load;
import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.settings.HealthSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SlownessTest {
  private static final double USUAL = 20;
  private static final double SLOW = 160;

  private final HealthMachine machine = new HealthMachine(HealthSettings.DEFAULT);
  private ServerTrack track = ServerTrack.fresh("a");
  private Instant now = Instant.parse("2026-12-01T10:00:00Z");

  @Test
  void aServerIsSlowWithinTwoReportsAndSaysSo() {
    report(USUAL, Duration.ofSeconds(30));
    long epoch = track.health().epoch();

    report(SLOW, Duration.ofMillis(1_500));

    assertThat(track.health().slow()).isTrue();
    assertThat(track.health().state()).isEqualTo(ServerState.UP);
    assertThat(track.health().share()).isEqualTo(100);
    assertThat(track.health().epoch()).isGreaterThan(epoch);
    assertThat(track.health().evidence())
        .isEqualTo(
            "in service, but transactions take 160 ms, usually 20 ms, and mail of high priority leaves");
  }

  @Test
  void oneSlowReportIsNone() {
    report(USUAL, Duration.ofSeconds(30));
    report(10 * SLOW, Duration.ofMillis(500));
    report(USUAL, Duration.ofSeconds(1));

    assertThat(track.health().slow()).isFalse();
    assertThat(track.health().epoch()).isZero();
  }

  @Test
  void tenTimesLittleIsLittle() {
    report(5, Duration.ofSeconds(30));
    report(50, Duration.ofSeconds(30));

    assertThat(track.health().slow()).isFalse();
  }

  @Test
  void whoIsNewIsNotSlow() {
    report(2_000, Duration.ofSeconds(60));

    assertThat(track.health().slow()).isFalse();
  }

  @Test
  void itIsOverAfterFiveSecondsThatWereAsUsual() {
    report(USUAL, Duration.ofSeconds(30));
    report(SLOW, Duration.ofSeconds(20));

    report(USUAL, Duration.ofSeconds(5));
    assertThat(track.health().slow()).isTrue();
    report(USUAL, Duration.ofSeconds(1));

    assertThat(track.health().slow()).isFalse();
    assertThat(track.health().evidence()).isEqualTo("nothing odd about it any more");
  }

  @Test
  void itStaysSlowForTenMinutesOfATenthOfItsSpeed() {
    report(USUAL, Duration.ofSeconds(30));
    report(10 * USUAL, Duration.ofMinutes(10));

    assertThat(track.health().slow()).isTrue();
  }

  /** Where all its mail is of high priority, nothing but that shows whether it is well again. */
  @Test
  void aServerThatIsTriedAndStillSlowIsTriedLessAndLessOften() {
    report(USUAL, Duration.ofSeconds(30));
    int slow = 0;
    int tried = 0;
    for (int half = 0; half < 2 * 600; half++) {
      slow += track.health().slow() ? 1 : 0;
      boolean before = track.health().slow();
      report(before ? 0 : 15 * USUAL, Duration.ofMillis(500));
      tried += before && !track.health().slow() ? 1 : 0;
    }

    assertThat(tried).isBetween(3, 7);
    assertThat(slow).as("of 1,200 half seconds").isGreaterThan(1_170);
  }

  @Test
  void aServerThatFallsIsNotSlowAndNeitherWhenItReturns() {
    report(USUAL, Duration.ofSeconds(30));
    report(SLOW, Duration.ofSeconds(2));
    track =
        machine.observe(
            track,
            new ServerObservation("a", "w", now, Kind.PASSIVE, 0, 9, 9, "421 4.3.2 closing"),
            now);
    assertThat(track.health().state()).isEqualTo(ServerState.DOWN);
    assertThat(track.health().slow()).isFalse();

    for (int second = 0; second < 120; second++) {
      now = now.plusSeconds(1);
      track =
          machine.tick(
              machine.observe(
                  track, new ServerObservation("a", "w", now, Kind.PROBE, 1, 0, 0, ""), now),
              now);
    }

    assertThat(track.health().state()).isEqualTo(ServerState.UP);
    assertThat(track.health().slow()).isFalse();
  }

  @Test
  void anotherRouterKnowsWhatIsUsual() {
    report(USUAL, Duration.ofSeconds(30));
    report(SLOW, Duration.ofSeconds(5));

    track = ServerTrackCodec.read(ServerTrackCodec.write(track)).orElseThrow();
    report(SLOW, Duration.ofSeconds(60));
    assertThat(track.health().slow()).isTrue();
    report(USUAL, Duration.ofSeconds(6));
    assertThat(track.health().slow()).isFalse();
  }

  /** In a rolling upgrade, or where one is taken back. */
  @Test
  void routersOfBeforeReadWhatIsStoredAndAreRead() {
    report(USUAL, Duration.ofSeconds(30));
    report(SLOW, Duration.ofSeconds(5));
    byte[] stored = ServerTrackCodec.write(track);
    byte[] asOfBefore = Arrays.copyOfRange(stored, 12, stored.length);

    assertThat(ServerJson.readHealth(asOfBefore)).contains(track.health());

    byte[] health = ServerJson.write(track.health());
    byte[] old = Arrays.copyOf(stored, 12 + health.length);
    assertThat(ServerTrackCodec.read(old))
        .hasValueSatisfying(read -> assertThat(read.health()).isEqualTo(track.health()));
  }

  /** Twice a second, 40 transactions a second of this length; none if 0. */
  private void report(double latencyMillis, Duration length) {
    for (Instant end = now.plus(length); now.isBefore(end); ) {
      now = now.plusMillis(500);
      Load load = latencyMillis == 0 ? Load.NONE : new Load(0, 40, latencyMillis);
      track =
          machine.observe(
              track,
              new ServerObservation("a", "w", now, Kind.PASSIVE, 20, 0, 0, "").withLoad(load),
              now);
    }
  }
}
