package io.tandemmail.e2e;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** Kafka brokers as separate JVMs: a KRaft cluster whose members can be killed one by one. */
final class BrokerProcess {
  private BrokerProcess() {}

  /** A started cluster. */
  record Cluster(List<TandemProcess> brokers, String bootstrapServers) implements AutoCloseable {
    @Override
    public void close() throws InterruptedException {
      for (TandemProcess broker : brokers) {
        broker.close();
      }
    }
  }

  static Cluster start(Path folder, int count) throws Exception {
    List<Integer> ports = new ArrayList<>();
    List<Integer> controllerPorts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ports.add(Submissions.freePort());
      controllerPorts.add(Submissions.freePort());
    }
    String voters =
        IntStream.range(0, count)
            .mapToObj(i -> (i + 1) + "@127.0.0.1:" + controllerPorts.get(i))
            .collect(Collectors.joining(","));
    String clusterId = Uuid.randomUuid().toString();
    List<TandemProcess> brokers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Path logs = Files.createDirectories(folder.resolve("broker-" + (i + 1)));
      format(logs, clusterId, i + 1);
      Path properties = folder.resolve("broker-" + (i + 1) + ".properties");
      Files.writeString(
          properties, properties(i + 1, ports.get(i), controllerPorts.get(i), voters, logs, count));
      brokers.add(
          TandemProcess.java(
              folder, "broker-" + (i + 1), List.of("kafka.Kafka", properties.toString())));
    }
    String bootstrap =
        ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    return new Cluster(brokers, bootstrap);
  }

  private static void format(Path logs, String clusterId, int nodeId) throws Exception {
    Formatter formatter = new Formatter();
    formatter
        .setPrintStream(new PrintStream(PrintStream.nullOutputStream()))
        .setClusterId(clusterId)
        .setNodeId(nodeId)
        .setControllerListenerName("CONTROLLER")
        .setMetadataLogDirectory(logs.toString())
        .addDirectory(logs.toString())
        .setReleaseVersion(MetadataVersion.latestProduction());
    formatter.run();
  }

  private static String properties(
      int id, int port, int controllerPort, String voters, Path logs, int count)
      throws IOException {
    int replicas = Math.min(3, count);
    return """
    process.roles=broker,controller
    node.id=%d
    controller.quorum.voters=%s
    controller.listener.names=CONTROLLER
    listeners=PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d
    advertised.listeners=PLAINTEXT://127.0.0.1:%d
    listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
    log.dirs=%s
    auto.create.topics.enable=false
    offsets.topic.replication.factor=%d
    offsets.topic.num.partitions=6
    transaction.state.log.replication.factor=%d
    transaction.state.log.min.isr=%d
    transaction.state.log.num.partitions=6
    group.initial.rebalance.delay.ms=0
    broker.session.timeout.ms=3000
    broker.heartbeat.interval.ms=500
    message.max.bytes=33554432
    replica.fetch.max.bytes=33554432
    log.cleaner.dedupe.buffer.size=8388608
    num.network.threads=2
    num.io.threads=2
    """
        .formatted(
            id,
            voters,
            port,
            controllerPort,
            port,
            logs,
            replicas,
            replicas,
            Math.min(2, replicas));
  }
}
