package io.tandemmail.runtime.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.service.ServicePresence;
import io.tandemmail.model.service.ServicePresenceJson;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.config.Live;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class PresenceBeaconTest {
  private static final PresenceBeacon.Service ROUTER =
      new PresenceBeacon.Service("router-1", "router", "http://h:1", "1");

  private final Live<Settings> settings = Live.of(settings("ramp: 30s"));

  private final BlockingQueue<ProducerRecord<byte[], byte[]>> sent = new LinkedBlockingQueue<>();

  @Test
  void saysSoAtOnceWithTheTimeAndTakesItBackWhenItLeaves() throws Exception {
    RecordingProducer producer = new RecordingProducer();
    PresenceBeacon beacon = PresenceBeacon.start(producer, settings, ROUTER);
    ProducerRecord<byte[], byte[]> first = next();
    beacon.close();

    assertThat(first.topic()).isEqualTo(Topics.SERVICES);
    assertThat(ServicePresenceJson.read(first.value()))
        .hasValueSatisfying(said -> {
          assertThat(said)
              .isEqualTo(
                  new ServicePresence(
                      "router-1", "router", "http://h:1", settings.get().hash(), "1", said.at()));
          assertThat(said.at()).isAfter(Instant.EPOCH);
        });
    List<ProducerRecord<byte[], byte[]>> after = List.copyOf(sent);
    assertThat(after.getLast().value()).as("tombstone").isNull();
    assertThat(after.getLast().key()).isEqualTo("router-1".getBytes(StandardCharsets.UTF_8));
    assertThat(producer.closed()).isTrue();
  }

  @Test
  void aBrokerThatIsAwayHarmsNeitherStartNorStop() throws Exception {
    RecordingProducer producer = new RecordingProducer();
    producer.sendException = new TimeoutException("no metadata");
    PresenceBeacon beacon = PresenceBeacon.start(producer, settings, ROUTER);
    next();
    beacon.close();

    assertThat(producer.closed()).isTrue();
  }

  @Test
  void aNewConfigurationIsSaidAtOnce() throws Exception {
    RecordingProducer producer = new RecordingProducer();
    PresenceBeacon beacon = PresenceBeacon.start(producer, settings, ROUTER);
    next();
    Settings changed = settings("ramp: 31s");
    settings.set(changed);
    ProducerRecord<byte[], byte[]> second = next();
    beacon.close();

    assertThat(ServicePresenceJson.read(second.value()).orElseThrow().configHash())
        .isEqualTo(changed.hash());
  }

  private static Settings settings(String health) {
    String yaml =
        "servers: {a: {host: h}}\nroutes: {default: {primary: a}}\nhealth: {" + health + "}\n";
    return ((SettingsResult.Valid) SettingsReader.read("test", yaml, Map.of())).settings();
  }

  private ProducerRecord<byte[], byte[]> next() throws InterruptedException {
    ProducerRecord<byte[], byte[]> record = sent.poll(10, TimeUnit.SECONDS);
    if (record == null) {
      throw new AssertionError("nothing was said");
    }
    return record;
  }

  private final class RecordingProducer extends MockProducer<byte[], byte[]> {
    RecordingProducer() {
      super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public synchronized Future<RecordMetadata> send(
        ProducerRecord<byte[], byte[]> record, Callback callback) {
      sent.add(record);
      return super.send(record, callback);
    }
  }
}
