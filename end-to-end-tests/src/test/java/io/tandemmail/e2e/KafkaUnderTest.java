package io.tandemmail.e2e;

import io.tandemmail.torture.process.Brokers;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** One Kafka: from Testcontainers where an engine answers and an image is named, else a broker in a JVM of its own. */
final class KafkaUnderTest implements AutoCloseable {
  private final String bootstrapServers;
  private final AutoCloseable running;

  private KafkaUnderTest(String bootstrapServers, AutoCloseable running) {
    this.bootstrapServers = bootstrapServers;
    this.running = running;
  }

  static KafkaUnderTest start(Path folder) throws Exception {
    Optional<String> image =
        Optional.ofNullable(System.getenv("TANDEM_KAFKA_IMAGE")).filter(name -> !name.isBlank());
    if (image.isPresent() && DockerClientFactory.instance().isDockerAvailable()) {
      DockerImageName name =
          DockerImageName.parse(image.get()).asCompatibleSubstituteFor("apache/kafka");
      KafkaContainer container =
          new KafkaContainer(name)
              .withImagePullPolicy(never -> false)
              .withEnv("KAFKA_MESSAGE_MAX_BYTES", "33554432");
      container.start();
      System.out.println("Kafka from Testcontainers, image " + image.get());
      return new KafkaUnderTest(container.getBootstrapServers(), container);
    }
    System.out.println("no container engine with TANDEM_KAFKA_IMAGE here: using local brokers");
    Brokers local = Brokers.start(TandemProcess.JVM, folder, 1, List.of());
    return new KafkaUnderTest(local.bootstrapServers(), local);
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  @Override
  public void close() throws Exception {
    running.close();
  }
}
