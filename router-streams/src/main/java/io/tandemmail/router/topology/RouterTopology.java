package io.tandemmail.router.topology;

import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.router.commit.CommitPace;
import io.tandemmail.router.health.HealthMachine;
import io.tandemmail.router.life.MessageLife;
import io.tandemmail.runtime.config.Live;
import io.tandemmail.runtime.presence.LocalHost;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** The wiring: which topic feeds which processor, which store belongs to whom. */
public final class RouterTopology {
  /** Of the schedule's and messages' changelogs: a record at rest may be as large as the largest message. */
  private static final int HEADERS_ALLOWANCE_BYTES = 1 << 20;

  private RouterTopology() {}

  /**
   * No store has a cache: Streams flushes its tasks one after the other at a commit, and a cache that then writes
   * makes each of them wait for the brokers.
   *
   * @param pace that of the thread that asks
   */
  public static Topology of(
      Live<Settings> following, RouterMeters meters, Supplier<CommitPace> pace) {
    Settings settings = following.get();
    KnownRoutes known = new KnownRoutes();
    Live<Admission> admission =
        following.map(now -> Admission.of(now, known.with(now.routes().keySet())));
    Live<MessageLife> life = following.map(now -> new MessageLife(now.routes()));
    Reports reports = new Reports(reportingMta(settings), settings.kafka().partitions());
    Live<HealthMachine> machine = following.map(now -> new HealthMachine(now.health()));
    ByteArrayDeserializer bytes = new ByteArrayDeserializer();
    ByteArraySerializer raw = new ByteArraySerializer();
    int recordMax = settings.ingest().maxMessageSizeBytes() + HEADERS_ALLOWANCE_BYTES;

    return new Topology()
        .addGlobalStore(
            inMemory(StoreNames.HEALTH).withLoggingDisabled(),
            "health-in",
            new StringDeserializer(),
            bytes,
            Topics.SERVER_HEALTH,
            "health-table",
            () -> new TableWriter(StoreNames.HEALTH))
        .addGlobalStore(
            // In memory: with a persistent global store a router was seen not to start again
            // (Kafka Streams 4.3.1, "Metrics recorder is re-initialised").
            inMemory(StoreNames.SUPPRESSIONS).withLoggingDisabled(),
            "suppressions-in",
            new StringDeserializer(),
            bytes,
            Topics.SUPPRESSIONS,
            "suppressions-table",
            () -> new TableWriter(StoreNames.SUPPRESSIONS))
        .addSource(
            AutoOffsetReset.earliest(),
            "mail-in",
            bytes,
            bytes,
            Topics.SUBMITTED,
            Topics.RETURNED,
            Topics.OUTCOMES)
        .addProcessor(
            "mail", () -> new MailProcessor(admission, life, reports, meters, pace), "mail-in")
        .addStateStore(persistent(StoreNames.MESSAGES, recordMax), "mail")
        .addStateStore(schedule(recordMax), "mail")
        .addStateStore(inMemory(StoreNames.COUNTS), "mail")
        .addSink(Sinks.MAIL, Routed.TOPIC, raw, Routed.SERIALIZER, Routed.PARTITIONER, "mail")
        .addSource(
            AutoOffsetReset.earliest(),
            "health-reports",
            bytes,
            bytes,
            Topics.SERVER_OBSERVATIONS,
            Topics.SERVER_COMMANDS)
        .addProcessor(
            "health", () -> new HealthProcessor(machine, following, meters), "health-reports")
        .addStateStore(inMemory(StoreNames.TRACKS), "health")
        .addSink(Sinks.HEALTH, Topics.SERVER_HEALTH, raw, raw, "health")
        .addSink(Sinks.HEALTH_HISTORY, Topics.SERVER_HEALTH_HISTORY, raw, raw, "health");
  }

  private static String reportingMta(Settings settings) {
    return settings.worker().ehloName().orElseGet(LocalHost::name);
  }

  private static StoreBuilder<KeyValueStore<String, byte[]>> persistent(
      String name, int recordMax) {
    return Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
        .withLoggingEnabled(Map.of("max.message.bytes", Integer.toString(recordMax)));
  }

  private static StoreBuilder<?> schedule(int recordMax) {
    return Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(StoreNames.SCHEDULE), Serdes.Bytes(), Serdes.ByteArray())
        .withLoggingEnabled(Map.of("max.message.bytes", Integer.toString(recordMax)));
  }

  private static StoreBuilder<KeyValueStore<String, byte[]>> inMemory(String name) {
    return Stores.keyValueStoreBuilder(
        Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.ByteArray());
  }

  /** A route that is taken out may have mail on its way here that was accepted for it: it waits and is not refused. */
  private static final class KnownRoutes {
    private final Set<String> ever = new TreeSet<>();

    synchronized Set<String> with(Set<String> routes) {
      ever.addAll(routes);
      return Set.copyOf(ever);
    }
  }

  /** Keeps the raw bytes; whoever reads decides what they mean. */
  private static final class TableWriter extends ContextualProcessor<String, byte[], Void, Void> {
    private final String store;

    TableWriter(String store) {
      this.store = store;
    }

    @Override
    public void process(Record<String, byte[]> record) {
      KeyValueStore<String, byte[]> table = context().getStateStore(store);
      if (record.key() != null) {
        table.put(record.key(), record.value());
      }
    }
  }
}
