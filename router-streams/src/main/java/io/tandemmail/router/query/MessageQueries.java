package io.tandemmail.router.query;

import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.wire.HomePartition;
import io.tandemmail.router.life.MessageState;
import io.tandemmail.router.life.MessageStateCodec;
import io.tandemmail.router.topology.StoreNames;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Finds a message on this router or names the router to ask. */
public final class MessageQueries implements AutoCloseable {
  private final KafkaStreams streams;
  private final HostInfo self;
  private final int partitions;
  private final EventReader events;

  public MessageQueries(KafkaStreams streams, HostInfo self, KafkaSettings kafka, String instance) {
    this.streams = streams;
    this.self = self;
    this.partitions = kafka.partitions();
    this.events = new EventReader(kafka, instance + "-events");
  }

  /** Where the answer is. */
  public sealed interface Answer {
    /** @param json the whole answer */
    record Found(byte[] json) implements Answer {}

    record Unknown() implements Answer {}

    /** @param url of the router that holds the id */
    record AskAt(String url) implements Answer {}

    /** Partitions are moving between routers; ask again. */
    record NotNow() implements Answer {}
  }

  public Answer find(String id) {
    try {
      KeyQueryMetadata owner =
          streams.queryMetadataForKey(StoreNames.MESSAGES, id, new StringSerializer());
      if (owner == null || owner.equals(KeyQueryMetadata.NOT_AVAILABLE)) {
        return new Answer.NotNow();
      }
      if (!owner.activeHost().equals(self)) {
        return new Answer.AskAt(
            "http://" + owner.activeHost().host() + ":" + owner.activeHost().port());
      }
      return local(id).<Answer>map(Answer.Found::new).orElseGet(Answer.Unknown::new);
    } catch (InvalidStateStoreException | IllegalStateException moving) {
      return new Answer.NotNow();
    }
  }

  @Override
  public void close() {
    events.close();
  }

  private Optional<byte[]> local(String id) {
    ReadOnlyKeyValueStore<String, byte[]> messages =
        streams.store(
            StoreQueryParameters.fromNameAndType(
                StoreNames.MESSAGES, QueryableStoreTypes.keyValueStore()));
    return Optional.ofNullable(messages.get(id))
        .map(MessageStateCodec::read)
        .map(state -> MessageJson.write(id, state, eventsOf(id, state)));
  }

  private List<byte[]> eventsOf(String id, MessageState state) {
    return events.read(HomePartition.of(id, partitions), state.events(), id);
  }
}
