package io.tandemmail.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.settings.Priority;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PriorityLineTest {
  private final PriorityLine<String> line = new PriorityLine<>();

  @Test
  void highGoesBeforeNormalBeforeBulkEachInItsOrder() {
    add(Priority.BULK, "b1", "b2");
    add(Priority.NORMAL, "n1");
    add(Priority.HIGH, "h1", "h2");

    assertThat(take(5)).containsExactly("h1", "h2", "n1", "b1", "b2");
    assertThat(line.isEmpty()).isTrue();
    assertThat(line.next()).isEmpty();
  }

  @Test
  void eachEighthTurnBelongsToTheLowestThatWaits() {
    for (int i = 0; i < 100; i++) {
      add(Priority.HIGH, "h");
      add(Priority.BULK, "b");
    }
    List<String> taken = take(80);

    assertThat(taken).filteredOn("b"::equals).hasSize(10);
    assertThat(taken.subList(0, 8)).containsExactly("h", "h", "h", "h", "h", "h", "h", "b");
  }

  @Test
  void aBurstOfBulkMailDelaysAHighMessageByOneTurnAtMost() {
    for (int i = 0; i < 10_000; i++) {
      add(Priority.BULK, "b");
    }
    take(137);
    for (int i = 0; i < 50; i++) {
      add(Priority.HIGH, "h");
      assertThat(take(2)).contains("h");
    }
  }

  @Test
  void whatIsPutBackIsTheNextOfItsKind() {
    add(Priority.NORMAL, "n1", "n2");
    line.addFirst(Priority.NORMAL, "n0");
    add(Priority.HIGH, "h1");

    assertThat(take(2)).containsExactly("h1", "n0");
  }

  @Test
  void takesOutWhatIsAskedForAndLeavesTheRest() {
    add(Priority.BULK, "b1", "b2");
    add(Priority.HIGH, "h1");

    assertThat(line.takeWhere(one -> one.endsWith("1"))).containsExactly("h1", "b1");
    assertThat(take(1)).containsExactly("b2");
  }

  private void add(Priority priority, String... all) {
    for (String one : all) {
      line.addLast(priority, one);
    }
  }

  private List<String> take(int count) {
    List<String> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      taken.add(line.next().orElseThrow());
    }
    return taken;
  }
}
