package io.tandemmail.router.topology;

import io.tandemmail.router.life.MessageLife;
import io.tandemmail.router.life.MessageStateCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Forgets ended messages after their 24 hours, a slice at a time so that mail never waits for it. */
final class Sweep {
  private static final int SLICE = 2_000;

  private final KeyValueStore<String, byte[]> messages;
  private @Nullable String next;

  Sweep(KeyValueStore<String, byte[]> messages) {
    this.messages = messages;
  }

  void forgetOld(Instant now) {
    List<String> old = new ArrayList<>();
    int seen = 0;
    try (KeyValueIterator<String, byte[]> states = messages.range(next, null)) {
      next = null;
      while (states.hasNext()) {
        KeyValue<String, byte[]> entry = states.next();
        if (seen++ == SLICE) {
          next = entry.key;
          break;
        }
        if (!MessageLife.stillRemembered(MessageStateCodec.read(entry.value), now)) {
          old.add(entry.key);
        }
      }
    }
    old.forEach(messages::delete);
  }
}
