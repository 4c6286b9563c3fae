package io.tandemmail.router.topology;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.router.commit.CommitPace;
import io.tandemmail.runtime.config.Live;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;

/** The router's topology without Kafka. */
final class RouterDriver {
  private RouterDriver() {}

  static TopologyTestDriver start(Live<Settings> settings, Path stateDir, Instant at) {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
    return new TopologyTestDriver(
        RouterTopology.of(settings, new RouterMeters(new SimpleMeterRegistry()), CommitPace::new),
        config,
        at);
  }
}
