package io.tandemmail.standalone.broker;

import io.tandemmail.model.disk.ByteSize;
import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.runtime.kafka.KafkaClients;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * Starts, formats on first use, stops. A data folder is for one process and one layout: both are checked before Kafka
 * touches it.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final String LAYOUT = "1";
  private static final int MIB = 1 << 20;
  private static final int PORT_FIRST = 20_000;
  private static final int PORT_LAST = 32_000;
  private static final int PORT_ATTEMPTS = 1_000;
  private static final int UNAVAILABLE = 69;
  private static final Duration START_WAIT = Duration.ofSeconds(60);

  private final KafkaRaftServer server;
  private final int port;
  private final RunningMark mark;
  private final LastRoom lastRoom;
  private final LastStop lastStop;
  private boolean marked;

  private EmbeddedBroker(KafkaRaftServer server, int port, RunningMark mark, LastRoom lastRoom) {
    this.server = server;
    this.port = port;
    this.mark = mark;
    this.lastRoom = lastRoom;
    this.lastStop = mark.lastStop();
  }

  /** The broker cannot run here. The message says why and what to do. */
  public static final class CannotStart extends RuntimeException {
    private static final long serialVersionUID = 1;

    CannotStart(String message) {
      super(message);
    }
  }

  /** There is no room for what it has to write. The message says where and what to do. */
  public static final class DiskFull extends RuntimeException {
    private static final long serialVersionUID = 1;

    DiskFull(String message) {
      super(message);
    }
  }

  /**
   * @param endProcess begins to end the process in order, and returns: the disk is about to be full
   */
  public static EmbeddedBroker start(KafkaSettings.Embedded settings, Runnable endProcess) {
    Path folder = settings.dataDir().toAbsolutePath();
    checkLayout(folder);
    int port = settings.port() == 0 ? freePort(0) : settings.port();
    if (!isFree(port)) {
      throw new CannotStart(
          "127.0.0.1:"
              + port
              + " is in use; choose another kafka.embedded.port or stop what listens there");
    }
    Path logs = folder.resolve("kafka");
    format(logs);
    checkRoom(folder);
    endWithTheBroker(folder);
    KafkaRaftServer server =
        new KafkaRaftServer(
            new KafkaConfig(config(logs, port, freePort(port)), false), Time.SYSTEM);
    try {
      server.startup();
    } catch (RuntimeException e) {
      throw new CannotStart(
          "the embedded broker did not start with "
              + logs
              + ": "
              + e.getMessage()
              + "; is another tandem running on this data folder?");
    }
    LastRoom lastRoom = LastRoom.watch(folder, endProcess);
    EmbeddedBroker broker = new EmbeddedBroker(server, port, RunningMark.in(folder), lastRoom);
    broker.awaitAnswer();
    return broker;
  }

  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  public LastStop lastStop() {
    return lastStop;
  }

  /** From now on an end is told to the next start as {@link LastStop#POWER_LOST}, in order or not. */
  public void markUnsure() {
    write(mark::setUnsure);
  }

  /**
   * From now on an end without {@link #close} is told to the next start. Call when whatever {@link #lastStop} asks for is
   * done: until then the next start must be told the same.
   */
  public void markRunning() {
    write(mark::set);
    marked = true;
  }

  private interface Writing {
    void run() throws IOException;
  }

  private static void write(Writing writing) {
    try {
      writing.run();
    } catch (IOException e) {
      throw new CannotStart("cannot write to kafka.embedded.data-dir: " + e);
    }
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
    lastRoom.close();
    if (marked) {
      try {
        mark.remove();
      } catch (IOException e) {
        System.err.println("the next start will take this stop for none: " + e);
      }
    }
  }

  private void awaitAnswer() {
    KafkaSettings here =
        new KafkaSettings(bootstrapServers(), Optional.empty(), 1, (short) 1, Map.of());
    KafkaClients.unreachable(here, START_WAIT)
        .ifPresent(why -> {
          throw new CannotStart("the embedded broker gives no answer: " + why);
        });
  }

  private static void checkRoom(Path folder) {
    try {
      long usable = LastRoom.usableBytes(folder);
      if (usable < LastRoom.BYTES) {
        throw new DiskFull(
            "the disk of the embedded broker is full, "
                + ByteSize.text(usable)
                + " of the "
                + ByteSize.text(LastRoom.BYTES)
                + " it needs are left; "
                + LastRoom.remedy(folder));
      }
    } catch (IOException e) {
      throw new CannotStart("cannot look at the disk of " + folder + ": " + e);
    }
  }

  /**
   * Kafka ends the process when it gives up its log folder, with exit code 1 and without a word; but it is not the broker's
   * process alone.
   */
  private static void endWithTheBroker(Path folder) {
    Exit.Procedure end =
        (code, why) -> {
          System.err.println(
              "tandem: the embedded broker has given up"
                  + (why == null ? "" : " (" + why + ")")
                  + "; is the disk full, or broken?");
          System.err.println("tandem: " + LastRoom.remedy(folder));
          Runtime.getRuntime().halt(UNAVAILABLE);
        };
    Exit.setHaltProcedure(end);
    Exit.setExitProcedure(end);
  }

  private static void checkLayout(Path folder) {
    Path marker = folder.resolve("LAYOUT");
    try {
      if (Files.exists(marker)) {
        String found = Files.readString(marker).strip();
        if (!found.equals(LAYOUT)) {
          throw new CannotStart(
              folder
                  + " holds data of layout "
                  + found
                  + ", this version reads "
                  + LAYOUT
                  + "; use the version that wrote it, or another kafka.embedded.data-dir");
        }
        return;
      }
      Files.createDirectories(folder);
      Files.writeString(marker, LAYOUT + "\n");
    } catch (IOException e) {
      throw new CannotStart("cannot use " + folder + " (kafka.embedded.data-dir): " + e);
    }
  }

  private static void format(Path logs) {
    try {
      Files.createDirectories(logs);
      if (Files.exists(logs.resolve("meta.properties"))) {
        return;
      }
      Formatter formatter = new Formatter();
      formatter
          .setPrintStream(
              new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8))
          .setClusterId(Uuid.randomUuid().toString())
          .setNodeId(1)
          .setControllerListenerName("CONTROLLER")
          .setMetadataLogDirectory(logs.toString())
          .addDirectory(logs.toString())
          .setIgnoreFormatted(true)
          .setReleaseVersion(MetadataVersion.latestProduction());
      formatter.run();
    } catch (Exception e) {
      throw new CannotStart("cannot format " + logs + ": " + e);
    }
  }

  private static Map<String, String> config(Path logs, int port, int controllerPort) {
    Map<String, String> config = new HashMap<>();
    config.put("process.roles", "broker,controller");
    config.put("node.id", "1");
    config.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    config.put("controller.listener.names", "CONTROLLER");
    config.put(
        "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
    config.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
    config.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    config.put("log.dirs", logs.toString());
    config.put("auto.create.topics.enable", "false");
    config.put("offsets.topic.replication.factor", "1");
    config.put("offsets.topic.num.partitions", "8");
    // Forgotten offsets would send everything again: keep them as long as any mail.
    config.put("offsets.retention.minutes", Long.toString(Duration.ofDays(60).toMinutes()));
    config.put("transaction.state.log.replication.factor", "1");
    config.put("transaction.state.log.min.isr", "1");
    config.put("transaction.state.log.num.partitions", "4");
    config.put("share.coordinator.state.topic.replication.factor", "1");
    config.put("share.coordinator.state.topic.min.isr", "1");
    config.put("group.initial.rebalance.delay.ms", "0");
    config.put("message.max.bytes", Integer.toString(32 * MIB));
    config.put("replica.fetch.max.bytes", Integer.toString(32 * MIB));
    config.put("socket.request.max.bytes", Integer.toString(100 * MIB));
    config.put("log.segment.bytes", Integer.toString(128 * MIB));
    config.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 * MIB));
    config.put("num.network.threads", "2");
    config.put("num.io.threads", "4");
    config.put("background.threads", "2");
    config.put("num.recovery.threads.per.data.dir", "2");
    return config;
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException inUse) {
      return false;
    }
  }

  /**
   * Any free port below the range that the kernel takes for outgoing connections (Linux: from 32768): one it could give
   * to somebody else between our looking and Kafka's listening is no good.
   */
  private static int freePort(int notThis) {
    for (int attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(PORT_FIRST, PORT_LAST);
      if (port != notThis && isFree(port)) {
        return port;
      }
    }
    throw new CannotStart(
        "no free port from " + PORT_FIRST + " to " + PORT_LAST + "; choose kafka.embedded.port");
  }
}
