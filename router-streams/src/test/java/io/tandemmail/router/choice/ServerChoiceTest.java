package io.tandemmail.router.choice;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerMode;
import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.RouteSettings.Retry;
import io.tandemmail.model.submission.Assignment;
import io.tandemmail.model.submission.Role;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ServerChoiceTest {
  private static final RouteSettings ROUTE =
      new RouteSettings("default", "a", List.of("b", "c"), Retry.DEFAULT);
  private final Map<String, ServerHealth> health = new HashMap<>();

  @Test
  void aHealthyPrimaryTakesAll() {
    assertThat(toPrimary()).isEqualTo(1000);
  }

  @Test
  void aRecoveringPrimaryTakesItsShare() {
    is("a", ServerState.RECOVERING, 30);

    assertThat(toPrimary()).isBetween(250L, 350L);
  }

  @Test
  void theFirstSecondaryInServiceStandsIn() {
    is("a", ServerState.DOWN, 0);
    is("b", ServerState.DRAINED, 0);

    assertThat(choose("m1")).isEqualTo(new Assignment("c", Role.SECONDARY, 5));
  }

  @Test
  void withNobodyInServiceMailWaitsInThePrimarysLane() {
    is("a", ServerState.DOWN, 0);
    is("b", ServerState.DOWN, 0);
    is("c", ServerState.DOWN, 0);

    assertThat(choose("m1")).isEqualTo(new Assignment("a", Role.PRIMARY, 5));
  }

  @Test
  void aRecoveringPrimaryAloneTakesAll() {
    is("a", ServerState.RECOVERING, 10);
    is("b", ServerState.DOWN, 0);
    is("c", ServerState.DOWN, 0);

    assertThat(toPrimary()).isEqualTo(1000);
  }

  @Test
  void theSameInputsGiveTheSameServer() {
    is("a", ServerState.RECOVERING, 50);

    IntStream.range(0, 100).forEach(i -> assertThat(choose("m" + i)).isEqualTo(choose("m" + i)));
  }

  @Test
  void theServerToAvoidIsLeftForAnotherInService() {
    assertThat(avoiding("a")).isEqualTo(new Assignment("b", Role.SECONDARY, 5));
    is("b", ServerState.DOWN, 0);
    assertThat(avoiding("a")).isEqualTo(new Assignment("c", Role.SECONDARY, 5));
    is("a", ServerState.DOWN, 0);
    is("b", ServerState.UP, 100);
    assertThat(avoiding("b")).isEqualTo(new Assignment("c", Role.SECONDARY, 5));
    is("a", ServerState.RECOVERING, 0);
    is("c", ServerState.DOWN, 0);
    assertThat(avoiding("b")).isEqualTo(new Assignment("a", Role.PRIMARY, 5));
  }

  @Test
  void theServerToAvoidIsBetterThanNone() {
    is("b", ServerState.DOWN, 0);
    is("c", ServerState.DRAINED, 0);
    assertThat(avoiding("a")).isEqualTo(new Assignment("a", Role.PRIMARY, 5));
    is("a", ServerState.DOWN, 0);
    assertThat(avoiding("a")).isEqualTo(new Assignment("a", Role.PRIMARY, 5));
  }

  @Test
  void toAvoidAServerThatWouldNotBeChosenChangesNothing() {
    assertThat(avoiding("b")).isEqualTo(choose("m1"));
    assertThat(avoiding("gone")).isEqualTo(choose("m1"));
  }

  private Assignment avoiding(String server) {
    return ServerChoice.choose(ROUTE, "m1", this::health, Optional.of(server));
  }

  private long toPrimary() {
    return IntStream.range(0, 1000)
        .filter(i -> choose("message-" + i).role() == Role.PRIMARY)
        .count();
  }

  private Assignment choose(String id) {
    return ServerChoice.choose(ROUTE, id, this::health);
  }

  private ServerHealth health(String server) {
    return health.getOrDefault(
        server,
        new ServerHealth(server, ServerState.UP, 100, 5, Instant.EPOCH, "", ServerMode.AUTO));
  }

  private void is(String server, ServerState state, int share) {
    health.put(
        server, new ServerHealth(server, state, share, 5, Instant.EPOCH, "", ServerMode.AUTO));
  }
}
