package io.tandemmail.e2e;

import static org.awaitility.Awaitility.await;

import io.tandemmail.sink.ReceivedMessage;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** What all sinks of a test took, by the messages' own key. */
public final class Arrivals implements Consumer<ReceivedMessage> {
  private final Map<String, AtomicInteger> copies = new ConcurrentHashMap<>();

  @Override
  public void accept(ReceivedMessage message) {
    copies.computeIfAbsent(message.key(), key -> new AtomicInteger()).incrementAndGet();
  }

  int distinct() {
    return copies.size();
  }

  int copiesOf(String key) {
    AtomicInteger count = copies.get(key);
    return count == null ? 0 : count.get();
  }

  public int duplicates() {
    return copies.values().stream().mapToInt(count -> count.get() - 1).sum();
  }

  public void awaitAll(Collection<String> keys, Duration within) {
    await("every message")
        .atMost(within)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() -> {
          TreeSet<String> missing = new TreeSet<>(keys);
          missing.removeAll(copies.keySet());
          if (!missing.isEmpty()) {
            throw new AssertionError(
                missing.size()
                    + " of "
                    + keys.size()
                    + " have not arrived, first "
                    + missing.first());
          }
        });
  }
}
