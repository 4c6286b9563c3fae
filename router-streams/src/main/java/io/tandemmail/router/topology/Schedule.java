package io.tandemmail.router.topology;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What waits for a time, ordered by that time: key is the due time (8 bytes, big-endian) and the id. The
 * recipients of a message may travel apart and wait in entries of their own; of two for the same millisecond the second
 * waits for the next free one.
 */
final class Schedule {
  private static final long NEVER = Long.MAX_VALUE;

  private final KeyValueStore<Bytes, byte[]> store;

  /** Kept, so that nobody walks over RocksDB's deleted entries to learn it. */
  private long firstDueMillis;

  Schedule(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
    try (KeyValueIterator<Bytes, byte[]> entries = store.all()) {
      firstDueMillis = entries.hasNext() ? dueMillis(entries.next()) : NEVER;
    }
  }

  /** When the first is due (Unix, ms); {@link Long#MAX_VALUE} when nothing waits. */
  long firstDueMillis() {
    return firstDueMillis;
  }

  void put(Instant due, String id, StoredRecord record) {
    long dueMillis = Math.max(0, due.toEpochMilli());
    Bytes free = key(dueMillis, id);
    while (store.get(free) != null) {
      free = key(++dueMillis, id);
    }
    store.put(free, record.write());
    firstDueMillis = Math.min(firstDueMillis, dueMillis);
  }

  /** Takes out what is due, in order, at most {@code limit}; the caller places it in the same transaction. */
  List<StoredRecord> takeDue(Instant now, int limit) {
    long nowMillis = now.toEpochMilli();
    if (firstDueMillis > nowMillis) {
      return List.of();
    }
    List<StoredRecord> due = new ArrayList<>();
    List<Bytes> taken = new ArrayList<>();
    firstDueMillis = NEVER;
    try (KeyValueIterator<Bytes, byte[]> entries = store.all()) {
      while (entries.hasNext()) {
        KeyValue<Bytes, byte[]> entry = entries.next();
        long dueMillis = dueMillis(entry);
        if (dueMillis > nowMillis || due.size() == limit) {
          firstDueMillis = dueMillis;
          break;
        }
        due.add(StoredRecord.read(entry.value));
        taken.add(entry.key);
      }
    }
    taken.forEach(store::delete);
    return due;
  }

  /**
   * Takes out entries of one message that were put for this time.
   *
   * @param most how many there may be: of those for the same time each waits a millisecond longer
   */
  List<StoredRecord> take(String id, Instant due, int most, Predicate<StoredRecord> wanted) {
    List<StoredRecord> taken = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      Bytes key = key(due.toEpochMilli() + i, id);
      byte[] found = store.get(key);
      if (found != null) {
        StoredRecord record = StoredRecord.read(found);
        if (wanted.test(record)) {
          store.delete(key);
          taken.add(record);
        }
      }
    }
    return taken;
  }

  private static long dueMillis(KeyValue<Bytes, byte[]> entry) {
    return ByteBuffer.wrap(entry.key.get()).getLong();
  }

  private static Bytes key(long dueMillis, String id) {
    byte[] name = id.getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(
        ByteBuffer.allocate(Long.BYTES + name.length).putLong(dueMillis).put(name).array());
  }
}
