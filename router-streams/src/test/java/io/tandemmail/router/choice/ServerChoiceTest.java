package io.tandemmail.router.choice;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerMode;
import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.settings.Priority;
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
  void whatOneServerShedsGoesToTheOthersInOrder() {
    is("a", ServerState.OVERLOADED, 50);
    is("b", ServerState.OVERLOADED, 40);

    assertThat(to(ROUTE, "a")).isBetween(450L, 550L);
    assertThat(to(ROUTE, "b")).isBetween(150L, 250L);
    assertThat(to(ROUTE, "c")).isBetween(250L, 350L);
  }

  @Test
  void whatAllShedGoesToTheOneThatTakesMost() {
    is("a", ServerState.OVERLOADED, 20);
    is("b", ServerState.OVERLOADED, 60);
    is("c", ServerState.RECOVERING, 10);

    assertThat(to(ROUTE, "a")).isBetween(150L, 250L);
    assertThat(to(ROUTE, "c")).isBetween(10L, 60L);
    assertThat(to(ROUTE, "b")).isBetween(700L, 830L);
  }

  @Test
  void bulkMailIsShedFirstAndHighMailLast() {
    is("a", ServerState.OVERLOADED, 60);

    assertThat(to(ROUTE.withPriority(Priority.BULK), "a")).isBetween(150L, 250L);
    assertThat(to(ROUTE, "a")).isBetween(550L, 650L);
    assertThat(to(ROUTE.withPriority(Priority.HIGH), "a")).isEqualTo(1000);

    is("a", ServerState.OVERLOADED, 10);
    assertThat(to(ROUTE.withPriority(Priority.BULK), "a")).isZero();
    assertThat(to(ROUTE.withPriority(Priority.HIGH), "a")).isBetween(150L, 250L);
  }

  @Test
  void highMailAloneLeavesASlowServerForOneThatIsWell() {
    slow("a", ServerState.UP, 100);

    assertThat(to(ROUTE.withPriority(Priority.HIGH), "b")).isEqualTo(1000);
    assertThat(to(ROUTE, "a")).isEqualTo(1000);

    is("b", ServerState.RECOVERING, 20);
    assertThat(to(ROUTE.withPriority(Priority.HIGH), "c")).isBetween(750L, 850L);
  }

  @Test
  void highMailStaysOnASlowServerWhereNoOtherIsWell() {
    slow("a", ServerState.OVERLOADED, 60);
    slow("b", ServerState.UP, 100);
    is("c", ServerState.RECOVERING, 20);

    assertThat(to(ROUTE.withPriority(Priority.HIGH), "a")).isEqualTo(1000);
  }

  @Test
  void aReturningServerTakesItsShareOfEveryRoute() {
    is("a", ServerState.RECOVERING, 30);

    assertThat(to(ROUTE.withPriority(Priority.BULK), "a")).isEqualTo(toPrimary());
  }

  @Test
  void whoIsOnTheServerStaysThereAsTheShareComesBack() {
    is("a", ServerState.OVERLOADED, 40);
    List<String> before =
        IntStream.range(0, 500)
            .mapToObj(i -> "m" + i)
            .filter(id -> choose(id).server().equals("a"))
            .toList();
    is("a", ServerState.OVERLOADED, 70);

    assertThat(before).allMatch(id -> choose(id).server().equals("a"));
  }

  private long to(RouteSettings route, String server) {
    return IntStream.range(0, 1000)
        .filter(
            i -> ServerChoice.choose(route, "message-" + i, this::health).server().equals(server))
        .count();
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

  private void slow(String server, ServerState state, int share) {
    is(server, state, share);
    health.computeIfPresent(server, (id, known) -> known.slowed(true));
  }

  private void is(String server, ServerState state, int share) {
    health.put(
        server, new ServerHealth(server, state, share, 5, Instant.EPOCH, "", ServerMode.AUTO));
  }
}
