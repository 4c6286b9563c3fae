package io.tandemmail.standalone.demo;

import io.tandemmail.sink.ReceivedMessage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Notes what the sinks took, by key, and when each took something first after a moment that matters. */
final class Witness {
  private final Map<String, AtomicInteger> copies = new ConcurrentHashMap<>();
  private final AtomicLong primary = new AtomicLong();
  private final AtomicLong secondary = new AtomicLong();
  private final AtomicLong killedNanos = new AtomicLong();
  private final AtomicLong returnedNanos = new AtomicLong();
  private final AtomicLong failoverNanos = new AtomicLong();
  private final AtomicLong failbackNanos = new AtomicLong();

  Consumer<ReceivedMessage> atPrimary() {
    return message -> {
      note(message);
      primary.incrementAndGet();
      first(returnedNanos, failbackNanos);
    };
  }

  Consumer<ReceivedMessage> atSecondary() {
    return message -> {
      note(message);
      secondary.incrementAndGet();
      first(killedNanos, failoverNanos);
    };
  }

  void primaryKilled() {
    killedNanos.set(System.nanoTime());
  }

  void primaryReturned() {
    returnedNanos.set(System.nanoTime());
  }

  long primary() {
    return primary.get();
  }

  long secondary() {
    return secondary.get();
  }

  /** Different messages that arrived. */
  long distinct() {
    return copies.size();
  }

  /** Copies beyond the first. */
  long duplicates() {
    return copies.values().stream().mapToLong(count -> count.get() - 1).sum();
  }

  long failoverMillis() {
    return failoverNanos.get() / 1_000_000;
  }

  long failbackMillis() {
    return failbackNanos.get() / 1_000_000;
  }

  boolean failedOver() {
    return failoverNanos.get() > 0;
  }

  boolean failedBack() {
    return failbackNanos.get() > 0;
  }

  private void note(ReceivedMessage message) {
    copies.computeIfAbsent(message.key(), key -> new AtomicInteger()).incrementAndGet();
  }

  private static void first(AtomicLong since, AtomicLong elapsed) {
    long start = since.get();
    if (start != 0 && elapsed.get() == 0) {
      elapsed.compareAndSet(0, Math.max(1, System.nanoTime() - start));
    }
  }
}
