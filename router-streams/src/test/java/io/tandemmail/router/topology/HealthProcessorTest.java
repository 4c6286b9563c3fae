package io.tandemmail.router.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerJson;
import io.tandemmail.model.server.ServerObservation;
import io.tandemmail.model.server.ServerObservation.Kind;
import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.router.health.HealthMachine;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class HealthProcessorTest {
  private static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");

  private final MockProcessorContext<byte[], byte[]> context = new MockProcessorContext<>();
  private final HealthProcessor processor;

  HealthProcessorTest() {
    Settings settings =
        ((SettingsResult.Valid)
                SettingsReader.read(
                    "test",
                    """
                    servers: { mx-a: { host: h } }
                    routes: { default: { primary: mx-a } }
                    """,
                    Map.of()))
            .settings();
    KeyValueStore<String, byte[]> tracks =
        Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore(StoreNames.TRACKS),
                Serdes.String(),
                Serdes.ByteArray())
            .withLoggingDisabled()
            .build();
    tracks.init(context.getStateStoreContext(), tracks);
    context.setCurrentSystemTimeMs(NOW.toEpochMilli());
    context.setRecordMetadata(Topics.SERVER_OBSERVATIONS, 0, 0);
    processor =
        new HealthProcessor(
            () -> new HealthMachine(settings.health()),
            () -> settings,
            new RouterMeters(new SimpleMeterRegistry()));
    processor.init(context);
  }

  @Test
  void newsThatAllWaitForAreCommittedAtOnceAndAReportThatChangesNothingIsNot() {
    saw(1, 0, "");
    assertThat(context.forwarded()).isEmpty();
    assertThat(context.committed()).isFalse();

    saw(0, 50, "refused");
    assertThat(context.forwarded())
        .singleElement()
        .extracting(sent -> ServerJson.readHealth(sent.record().value()).map(ServerHealth::state))
        .isEqualTo(Optional.of(ServerState.DOWN));
    assertThat(context.committed()).isTrue();
  }

  private void saw(int succeeded, int failed, String evidence) {
    ServerObservation seen =
        new ServerObservation("mx-a", "w", NOW, Kind.PASSIVE, succeeded, failed, failed, evidence);
    processor.process(
        new Record<>(
            "mx-a".getBytes(StandardCharsets.UTF_8), ServerJson.write(seen), NOW.toEpochMilli()));
  }
}
