package io.tandemmail.router.topology;

import io.tandemmail.model.conservation.RouteCounts;
import io.tandemmail.router.life.Decision.Counted;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** The conservation counts of this partition, per route (I3): four longs in a store that commits with what they count. */
final class Counts {
  private final KeyValueStore<String, byte[]> store;
  private final int partition;
  private final Set<String> unpublished = new HashSet<>();

  Counts(KeyValueStore<String, byte[]> store, int partition) {
    this.store = store;
    this.partition = partition;
    try (KeyValueIterator<String, byte[]> all = store.all()) {
      all.forEachRemaining(entry -> unpublished.add(entry.key));
    }
  }

  void count(String route, Counted counted) {
    switch (counted) {
      case NONE -> {}
      case ACCEPTED -> add(route, 0, 1);
      case DELIVERED -> add(route, 1, 1);
      case FAILED -> add(route, 2, 1);
      case ACCEPTED_AND_DELIVERED -> {
        add(route, 0, 1);
        add(route, 1, 1);
      }
      case ACCEPTED_AND_FAILED -> {
        add(route, 0, 1);
        add(route, 2, 1);
      }
    }
  }

  void scheduled(String route, int change) {
    add(route, 3, change);
  }

  boolean changed() {
    return !unpublished.isEmpty();
  }

  /** What changed since the last call. */
  List<RouteCounts> takeChanged(Instant now) {
    List<RouteCounts> changed = new ArrayList<>(unpublished.size());
    for (String route : unpublished) {
      ByteBuffer counts = read(route);
      changed.add(
          new RouteCounts(
              route,
              partition,
              counts.getLong(),
              counts.getLong(),
              counts.getLong(),
              counts.getLong(),
              now));
    }
    unpublished.clear();
    return changed;
  }

  @SuppressWarnings(
      "ByteBufferBackingArray") // read() gives buffers that are the whole of their array.
  private void add(String route, int position, int change) {
    ByteBuffer counts = read(route);
    int index = position * Long.BYTES;
    counts.putLong(index, counts.getLong(index) + change);
    store.put(route, counts.array());
    unpublished.add(route);
  }

  private ByteBuffer read(String route) {
    byte[] stored = store.get(route);
    return stored == null ? ByteBuffer.allocate(4 * Long.BYTES) : ByteBuffer.wrap(stored.clone());
  }
}
