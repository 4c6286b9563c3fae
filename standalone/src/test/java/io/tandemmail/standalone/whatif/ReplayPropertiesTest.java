package io.tandemmail.standalone.whatif;

import static io.tandemmail.standalone.whatif.MadeUp.START;
import static io.tandemmail.standalone.whatif.MadeUp.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.wire.Topics.Lane;
import io.tandemmail.router.choice.ServerChoice;
import io.tandemmail.standalone.whatif.Figures.LaneFigures;
import io.tandemmail.standalone.whatif.Traffic.Arrival;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for any history. */
class ReplayPropertiesTest {
  private static final int SECONDS = 120;
  private static final List<String> SERVERS = List.of("a", "b", "c");
  private static final Settings SETTINGS =
      settings(
          "a: { host: ha, max-rate: 7/s }, b: { host: hb, max-rate: 9/s }, c: { host: hc }",
          "default: { primary: a, secondary: [b, c] }, bulk: { primary: b, secondary: a },"
              + " alone: { primary: c }");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theSplitIsWhatServerChoiceSaysForEachMessage(long seed) {
    MadeUp history = random(seed);

    Figures figures = history.replay(SETTINGS, SECONDS);

    Map<Lane, Long> chosen = new HashMap<>();
    for (Arrival arrival : history.arrivals()) {
      String server =
          ServerChoice.choose(
                  SETTINGS.routes().get(arrival.route()),
                  arrival.id(),
                  id -> history.history().of(id, arrival.at()))
              .server();
      chosen.merge(new Lane(arrival.route(), server), 1L, Long::sum);
    }
    for (LaneFigures lane : figures.lanes()) {
      assertThat(lane.placed())
          .as("%s, seed %d", lane, seed)
          .isEqualTo(chosen.getOrDefault(new Lane(lane.route(), lane.server()), 0L));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
  void nothingIsLostAndNothingIsMade(long seed) {
    MadeUp history = random(seed);

    Figures figures = history.replay(SETTINGS, SECONDS);

    assertThat(figures.lanes())
        .as("seed %d", seed)
        .allSatisfy(lane ->
            assertThat(lane.placed() + lane.movedIn())
                .isEqualTo(lane.movedOut() + lane.delivered() + lane.waiting()));
    assertThat(figures.lanes().stream().mapToLong(lane -> lane.delivered() + lane.waiting()).sum())
        .isEqualTo(history.arrivals().size());
    assertThat(figures.lanes().stream().mapToLong(LaneFigures::movedIn).sum())
        .isEqualTo(figures.lanes().stream().mapToLong(LaneFigures::movedOut).sum());
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24})
  void theOrderInWhichPartitionsAreReadChangesNothing(long seed) {
    MadeUp history = random(seed);
    Figures figures = history.replay(SETTINGS, SECONDS);

    Collections.shuffle(history.arrivals(), new Random(seed));

    assertThat(history.replay(SETTINGS, SECONDS)).isEqualTo(figures);
  }

  private static MadeUp random(long seed) {
    Random random = new Random(seed);
    MadeUp history = new MadeUp();
    for (int i = 0; i < 40; i++) {
      ServerState state = ServerState.values()[random.nextInt(ServerState.values().length)];
      history.changeAt(
          START.plusMillis(random.nextInt(SECONDS * 1000)),
          SERVERS.get(random.nextInt(SERVERS.size())),
          state,
          state.inService() ? random.nextInt(101) : 0);
    }
    for (String route : SETTINGS.routes().keySet()) {
      for (int from = 0; from < SECONDS; from += 10) {
        history.arrive(route, random.nextInt(12), from, from + 10);
      }
    }
    return history;
  }
}
