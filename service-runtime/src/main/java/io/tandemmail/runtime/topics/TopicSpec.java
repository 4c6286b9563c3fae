package io.tandemmail.runtime.topics;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** A topic with every setting that matters said aloud. */
public record TopicSpec(
    String name, int partitions, short replicationFactor, SortedMap<String, String> config) {
  public TopicSpec {
    config = Collections.unmodifiableSortedMap(new TreeMap<>(config));
  }
}
