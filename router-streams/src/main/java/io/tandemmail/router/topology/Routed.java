package io.tandemmail.router.topology;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.TopicNameExtractor;
import org.jspecify.annotations.Nullable;

/**
 * A record with its destination: how one sink serves every lane with an explicit partition.
 *
 * @param value untouched on its way; null passes through as it came (a rejected tombstone)
 */
record Routed(String topic, int partition, byte @Nullable [] value) {

  static final TopicNameExtractor<byte[], Routed> TOPIC = (key, routed, context) -> routed.topic();

  static final StreamPartitioner<byte[], Routed> PARTITIONER =
      (topic, key, routed, partitions) -> Optional.of(Set.of(routed.partition()));

  static final Serializer<Routed> SERIALIZER = (topic, routed) -> routed.value();
}
