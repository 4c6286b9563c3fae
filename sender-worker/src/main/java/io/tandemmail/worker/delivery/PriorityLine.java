package io.tandemmail.worker.delivery;

import io.tandemmail.model.settings.Priority;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Who goes next where several wait: high before normal before bulk, in the order they came; but each eighth turn belongs to
 * the lowest that waits, so that nobody waits for ever. Not for several threads.
 */
final class PriorityLine<T> {
  static final int TURN_OF_THE_LOWEST = 8;

  private final Map<Priority, Deque<T>> waiting = new EnumMap<>(Priority.class);

  /** Turns that passed somebody over since the lowest had one. */
  private int passedOver;

  PriorityLine() {
    for (Priority priority : Priority.values()) {
      waiting.put(priority, new ArrayDeque<>());
    }
  }

  void addLast(Priority priority, T one) {
    of(priority).addLast(one);
  }

  void addFirst(Priority priority, T one) {
    of(priority).addFirst(one);
  }

  boolean isEmpty() {
    return waiting.values().stream().allMatch(Deque::isEmpty);
  }

  Optional<T> next() {
    List<Deque<T>> some = waiting.values().stream().filter(line -> !line.isEmpty()).toList();
    if (some.isEmpty()) {
      return Optional.empty();
    }
    if (some.size() == 1) {
      passedOver = 0;
      return Optional.of(some.getFirst().removeFirst());
    }
    passedOver++;
    if (passedOver == TURN_OF_THE_LOWEST) {
      passedOver = 0;
      return Optional.of(some.getLast().removeFirst());
    }
    return Optional.of(some.getFirst().removeFirst());
  }

  /** Takes out all that look like this, high before bulk. */
  List<T> takeWhere(Predicate<T> looks) {
    List<T> taken = new ArrayList<>();
    waiting.values().forEach(line -> line.removeIf(one -> looks.test(one) && taken.add(one)));
    return taken;
  }

  private Deque<T> of(Priority priority) {
    return Objects.requireNonNull(waiting.get(priority));
  }
}
