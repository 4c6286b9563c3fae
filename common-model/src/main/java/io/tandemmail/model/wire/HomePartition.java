package io.tandemmail.model.wire;

import java.nio.charset.StandardCharsets;

/**
 * The partition an id belongs to: Kafka's default, murmur2(key) mod P. Everything known of a message (first-seen, status,
 * schedule, ledger) lives under this one number, so no step of its way needs a repartitioning. The copy of murmur2 keeps
 * this module free of Kafka; a test in {@code service-runtime} compares it with the client's.
 */
public final class HomePartition {
  private HomePartition() {}

  public static int of(String id, int partitions) {
    return (murmur2(id.getBytes(StandardCharsets.UTF_8)) & 0x7fffffff) % partitions;
  }

  /** 0..99, independent of the home partition; decides which server's share a message falls in. */
  public static int percentile(String id) {
    int hash = murmur2(id.getBytes(StandardCharsets.UTF_8));
    hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
    hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
    return ((hash ^ (hash >>> 16)) & 0x7fffffff) % 100;
  }

  static int murmur2(byte[] data) {
    final int m = 0x5bd1e995;
    final int length = data.length;
    int h = 0x9747b28c ^ length;
    int i = 0;
    for (; i + 4 <= length; i += 4) {
      int k =
          (data[i] & 0xff)
              | (data[i + 1] & 0xff) << 8
              | (data[i + 2] & 0xff) << 16
              | (data[i + 3] & 0xff) << 24;
      k *= m;
      k ^= k >>> 24;
      k *= m;
      h *= m;
      h ^= k;
    }
    int rest = length - i;
    if (rest == 3) {
      h ^= (data[i + 2] & 0xff) << 16;
    }
    if (rest >= 2) {
      h ^= (data[i + 1] & 0xff) << 8;
    }
    if (rest >= 1) {
      h ^= data[i] & 0xff;
      h *= m;
    }
    h ^= h >>> 13;
    h *= m;
    return h ^ (h >>> 15);
  }
}
