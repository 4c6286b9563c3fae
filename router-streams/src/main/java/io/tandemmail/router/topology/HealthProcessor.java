package io.tandemmail.router.topology;

import io.tandemmail.model.server.DriftJson;
import io.tandemmail.model.server.DrillJson;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerJson;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.router.health.DriftFold;
import io.tandemmail.router.health.DrillRules;
import io.tandemmail.router.health.HealthMachine;
import io.tandemmail.router.health.ServerTrack;
import io.tandemmail.router.health.ServerTrackCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Folds observations and orders into health, one task for the whole cluster, and publishes each change (I8). */
final class HealthProcessor implements Processor<byte[], byte[], byte[], byte[]> {
  private static final Logger LOG = LoggerFactory.getLogger(HealthProcessor.class);

  private final Supplier<HealthMachine> machine;
  private final Supplier<Settings> settings;
  private final RouterMeters meters;
  private final Map<String, ServerTrack> tracks = new HashMap<>();
  private ProcessorContext<byte[], byte[]> context;
  private KeyValueStore<String, byte[]> stored;
  private Alarm tick;

  @SuppressWarnings("NullAway.Init") // Streams calls init before anything else.
  HealthProcessor(
      Supplier<HealthMachine> machine, Supplier<Settings> settings, RouterMeters meters) {
    this.machine = machine;
    this.settings = settings;
    this.meters = meters;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> streams) {
    context = streams;
    stored = streams.getStateStore(StoreNames.TRACKS);
    tick = new Alarm(streams, this::tick);
    try (KeyValueIterator<String, byte[]> all = stored.all()) {
      while (all.hasNext()) {
        KeyValue<String, byte[]> entry = all.next();
        ServerTrackCodec.read(entry.value).ifPresent(track -> keep(entry.key, track));
      }
    }
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Instant now = now();
    if (record.value() == null) {
      return;
    }
    if (context.recordMetadata().orElseThrow().topic().equals(Topics.SERVER_COMMANDS)) {
      ServerJson.readCommand(record.value())
          .ifPresent(
              order -> advance(order.server(), track -> machine.get().command(track, order, now)));
      DrillJson.readOrder(record.value())
          .ifPresent(
              order -> advance(order.server(), track -> DrillRules.order(track, order, now)));
    } else {
      ServerJson.readObservation(record.value())
          .ifPresent(
              seen -> advance(seen.server(), track -> machine.get().observe(track, seen, now)));
      DriftJson.readReport(record.value())
          .ifPresent(report ->
              advance(
                  report.server(),
                  track -> new DriftFold(settings.get().routes()).fold(track, report)));
    }
  }

  private void tick() {
    Instant now = now();
    List<String> servers = new ArrayList<>(tracks.keySet());
    servers.forEach(
        server -> advance(server, track -> machine.get().tick(DrillRules.expire(track, now), now)));
  }

  private void advance(String server, UnaryOperator<ServerTrack> step) {
    ServerTrack before = tracks.getOrDefault(server, ServerTrack.fresh(server));
    ServerTrack after = step.apply(before);
    keep(server, after);
    if (after.flaps() != before.flaps() || !after.health().equals(before.health())) {
      stored.put(server, ServerTrackCodec.write(after));
    }
    if (!after.health().equals(before.health())) {
      publish(before.health(), after.health());
    }
  }

  private void keep(String server, ServerTrack track) {
    tracks.put(server, track);
    machine.get().nextTick(track).ifPresent(at -> tick.setFor(at.toEpochMilli()));
    DrillRules.nextExpiry(track).ifPresent(at -> tick.setFor(at.toEpochMilli()));
  }

  private void publish(ServerHealth before, ServerHealth after) {
    byte[] key = after.server().getBytes(StandardCharsets.UTF_8);
    // To both sinks: as the opinion that counts, and as an event that stays when the opinion
    // changes.
    context.forward(new Record<>(key, ServerJson.write(after), now().toEpochMilli()));
    // All wait for this; what changes no opinion may wait for the next commit of whatever kind.
    context.commit();
    if (!before.drift().equals(after.drift())) {
      after
          .drift()
          .forEach(drift ->
              LOG.warn(
                  "{}: drift for route {}, {} {}: {}; {}",
                  after.server(),
                  drift.route(),
                  drift.subject(),
                  drift.grade(),
                  drift.what(),
                  drift.remedy()));
      LOG.info("{}: {} drift(s), epoch {}", after.server(), after.drift().size(), after.epoch());
    }
    if (before.state() != after.state()) {
      LOG.info(
          "{}: {} -> {}, epoch {}: {}",
          after.server(),
          before.state(),
          after.state(),
          after.epoch(),
          after.evidence());
    }
    if (before.inService() && !after.inService()) {
      settings.get().routes().values().stream()
          .filter(route -> route.primary().equals(after.server()) && !route.secondaries().isEmpty())
          .forEach(route -> meters.failover(route.id()));
    }
  }

  private Instant now() {
    return Instant.ofEpochMilli(context.currentSystemTimeMs());
  }
}
