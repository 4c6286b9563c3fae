package io.tandemmail.torture.process;

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

/**
 * Kafka brokers as processes of their own: a KRaft cluster whose members can be killed one by one. Each broker has a listener
 * per kind of client, so that what it advertises can be a proxy, and one client can be cut off while the others are not.
 */
public final class Brokers implements AutoCloseable {
  private static final String INTERNAL = "INTERNAL";
  private static final int HEAP_MIB = 320;

  private final Jvm jvm;
  private final Path folder;
  private final List<JavaProcess> running = new ArrayList<>();
  private final List<Integer> internalPorts;

  private Brokers(Jvm jvm, Path folder, List<Integer> internalPorts) {
    this.jvm = jvm;
    this.folder = folder;
    this.internalPorts = internalPorts;
  }

  /**
   * A listener of every broker.
   *
   * @param ports where the brokers listen, in their order
   * @param advertised what they tell its clients, in the same order
   */
  public record Listener(String name, List<Integer> ports, List<Integer> advertised) {
    public Listener {
      ports = List.copyOf(ports);
      advertised = List.copyOf(advertised);
    }
  }

  /**
   * Starts them all; they answer some seconds later.
   *
   * @param listeners besides the one that is always there
   */
  public static Brokers start(Jvm jvm, Path folder, int count, List<Listener> listeners)
      throws Exception {
    List<Integer> ports = new ArrayList<>();
    List<Integer> controllerPorts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ports.add(Ports.free());
      controllerPorts.add(Ports.free());
    }
    List<Listener> all = new ArrayList<>(listeners);
    all.add(new Listener(INTERNAL, ports, ports));
    String clusterId = Uuid.randomUuid().toString();
    Brokers brokers = new Brokers(jvm, folder, ports);
    for (int i = 0; i < count; i++) {
      Path logs = Files.createDirectories(folder(folder, i));
      format(logs, clusterId, i + 1);
      Files.writeString(
          folder.resolve(name(i) + ".properties"), properties(i, controllerPorts, all, logs));
      brokers.running.add(brokers.launch(i));
    }
    return brokers;
  }

  /** Of the listener that no proxy stands before. */
  public String bootstrapServers() {
    return addresses(internalPorts);
  }

  public static String addresses(List<Integer> ports) {
    return ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
  }

  public int count() {
    return running.size();
  }

  public JavaProcess broker(int index) {
    return running.get(index);
  }

  /** The same broker, with the disk it had. */
  public void restart(int index) throws IOException {
    if (!running.get(index).isAlive()) {
      running.set(index, launch(index));
    }
  }

  @Override
  public void close() throws InterruptedException {
    for (JavaProcess broker : running) {
      broker.close();
    }
  }

  private JavaProcess launch(int index) throws IOException {
    return JavaProcess.start(
        jvm,
        folder,
        JavaProcess.Program.of(
            name(index),
            HEAP_MIB,
            List.of("kafka.Kafka", folder.resolve(name(index) + ".properties").toString())));
  }

  /** Where a broker keeps its data. */
  public static Path folder(Path folder, int index) {
    return folder.resolve(name(index));
  }

  private static String name(int index) {
    return "broker-" + (index + 1);
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
      int index, List<Integer> controllerPorts, List<Listener> listeners, Path logs) {
    int count = controllerPorts.size();
    int replicas = Math.min(3, count);
    String voters =
        IntStream.range(0, count)
            .mapToObj(i -> (i + 1) + "@127.0.0.1:" + controllerPorts.get(i))
            .collect(Collectors.joining(","));
    String listening =
        listeners.stream()
            .map(one -> one.name() + "://127.0.0.1:" + one.ports().get(index))
            .collect(Collectors.joining(","));
    String advertised =
        listeners.stream()
            .map(one -> one.name() + "://127.0.0.1:" + one.advertised().get(index))
            .collect(Collectors.joining(","));
    String protocols =
        listeners.stream().map(one -> one.name() + ":PLAINTEXT").collect(Collectors.joining(","));
    return """
    process.roles=broker,controller
    node.id=%d
    controller.quorum.voters=%s
    controller.listener.names=CONTROLLER
    listeners=%s,CONTROLLER://127.0.0.1:%d
    advertised.listeners=%s
    inter.broker.listener.name=%s
    listener.security.protocol.map=%s,CONTROLLER:PLAINTEXT
    log.dirs=%s
    offsets.topic.replication.factor=%d
    transaction.state.log.replication.factor=%d
    transaction.state.log.min.isr=%d
    %s\
    """
        .formatted(
            index + 1,
            voters,
            listening,
            controllerPorts.get(index),
            advertised,
            INTERNAL,
            protocols,
            logs,
            replicas,
            replicas,
            Math.min(2, replicas),
            SAME_FOR_ALL);
  }

  /** Few threads and small buffers: three brokers and everything else on the processors of one machine. */
  private static final String SAME_FOR_ALL =
      """
      auto.create.topics.enable=false
      offsets.topic.num.partitions=6
      transaction.state.log.num.partitions=6
      group.initial.rebalance.delay.ms=0
      broker.session.timeout.ms=5000
      broker.heartbeat.interval.ms=500
      message.max.bytes=33554432
      replica.fetch.max.bytes=33554432
      log.cleaner.dedupe.buffer.size=8388608
      num.network.threads=1
      num.io.threads=2
      """;
}
