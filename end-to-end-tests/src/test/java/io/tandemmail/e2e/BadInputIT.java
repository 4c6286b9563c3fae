package io.tandemmail.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong is said with what, where and the remedy, and with the exit code of its kind. */
class BadInputIT {
  private static final Duration WITHIN = Duration.ofSeconds(60);
  private static final String REST =
      "servers: { a: { host: 127.0.0.1 } }\nroutes: { default: { primary: a } }\n";

  @TempDir Path folder;

  @Test
  void everyWrongKeyIsNamedAtOnceWith78() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("tandem.yaml"),
            "kafka: { partition: 3 }\nhealth: { ramp: soon }\n" + REST);
    try (TandemProcess check =
        TandemProcess.tandem(folder, "check", "check", "--config", config.toString())) {
      assertThat(check.exitCode(WITHIN)).isEqualTo(78);
      assertThat(check.output())
          .contains(
              "tandem.yaml:1: kafka.partition",
              "did you mean partitions?",
              "tandem.yaml:2: health.ramp");
    }
  }

  @Test
  void kafkaThatDoesNotAnswerIs69() throws Exception {
    String bootstrap = "127.0.0.1:" + Submissions.freePort();
    Path config =
        Files.writeString(
            folder.resolve("tandem.yaml"),
            "kafka: { bootstrap-servers: \"" + bootstrap + "\" }\n" + REST);
    try (TandemProcess worker =
        TandemProcess.tandem(folder, "worker", "worker", "--config", config.toString())) {
      assertThat(worker.exitCode(WITHIN)).isEqualTo(69);
      assertThat(worker.output()).contains("no Kafka broker answers at " + bootstrap);
    }
  }

  @Test
  void aCommandBesideAStandaloneThatIsNotThereSaysWhatToDo() throws Exception {
    Path data = folder.resolve("data");
    try (TandemProcess status =
        TandemProcess.tandem(
            folder, "unknown", "status", "--config", standalone(0, data).toString())) {
      assertThat(status.exitCode(WITHIN)).isEqualTo(78);
      assertThat(status.output()).contains("kafka.embedded.port is 0", "give kafka.embedded.port");
    }
    try (TandemProcess status =
        TandemProcess.tandem(
            folder,
            "away",
            "status",
            "--config",
            standalone(Submissions.freePort(), data).toString())) {
      assertThat(status.exitCode(WITHIN)).isEqualTo(69);
      assertThat(status.output()).contains("start tandem standalone");
    }
  }

  @Test
  void aPortInUseAndADataFolderOfAnotherVersionAre78() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Path config = standalone(taken.getLocalPort(), folder.resolve("data"));
      try (TandemProcess process =
          TandemProcess.tandem(folder, "taken", "standalone", "--config", config.toString())) {
        assertThat(process.exitCode(WITHIN)).isEqualTo(78);
        assertThat(process.output()).contains("127.0.0.1:" + taken.getLocalPort() + " is in use");
      }
    }
    Path old = Files.createDirectories(folder.resolve("old"));
    Files.writeString(old.resolve("LAYOUT"), "0\n");
    try (TandemProcess process =
        TandemProcess.tandem(
            folder, "old", "standalone", "--config", standalone(0, old).toString())) {
      assertThat(process.exitCode(WITHIN)).isEqualTo(78);
      assertThat(process.output()).contains("holds data of layout 0");
    }
  }

  @Test
  void anUnknownCommandIs2() throws Exception {
    try (TandemProcess process = TandemProcess.tandem(folder, "unknown", "frobnicate")) {
      assertThat(process.exitCode(WITHIN)).isEqualTo(2);
    }
  }

  private Path standalone(int kafkaPort, Path data) throws Exception {
    return Files.writeString(
        folder.resolve("tandem.yaml"),
        "kafka: { embedded: { port: " + kafkaPort + ", data-dir: " + data + " } }\n" + REST);
  }
}
