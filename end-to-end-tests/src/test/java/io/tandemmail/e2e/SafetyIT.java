package io.tandemmail.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.runtime.kafka.KafkaClients;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A topic that somebody made unsafe ends the start of whoever moves mail, until it is allowed or mended. */
class SafetyIT {
  private static final Duration WITHIN = Duration.ofSeconds(90);
  private static final String FOUND =
      "UNSAFE topic mail.submitted: unclean.leader.election.enable = true; then not promised: ";

  @TempDir Path folder;

  @Test
  void anUncleanTopicIsFoundByWorkerCheckAndPlanAndMendedByApply() throws Exception {
    try (KafkaUnderTest kafka = KafkaUnderTest.start(folder)) {
      String config = config(kafka.bootstrapServers());
      assertThat(run("apply", 0, "topics", "apply", "--config", config)).contains("create");
      makeUnclean(kafka.bootstrapServers());

      assertThat(run("worker", 78, "worker", "--config", config))
          .contains("tandem: " + FOUND)
          .contains("WEAK brokers: number of brokers = 1")
          .contains("give --allow-unsafe");
      assertThat(run("check", 1, "check", "--config", config)).contains("PROBLEM " + FOUND);
      assertThat(run("plan", 1, "topics", "plan", "--config", config)).contains(FOUND);
      try (TandemProcess allowed =
          TandemProcess.tandem(folder, "allowed", "worker", "--allow-unsafe", "--config", config)) {
        allowed.awaitOutput("worker is started", WITHIN);
        assertThat(allowed.output()).contains("tandem: warning: " + FOUND);
      }

      run("mend", 0, "topics", "apply", "--config", config);
      // Nobody answers as a or b: that alone is left.
      assertThat(run("mended", 1, "check", "--config", config))
          .doesNotContain("UNSAFE")
          .contains("server b: reach: ");
    }
  }

  private String run(String name, int code, String... arguments) throws Exception {
    try (TandemProcess process = TandemProcess.tandem(folder, name, arguments)) {
      int exit = process.exitCode(WITHIN);
      assertThat(exit).as(process.output()).isEqualTo(code);
      return process.output();
    }
  }

  private static void makeUnclean(String bootstrap) throws Exception {
    ConfigResource submitted = new ConfigResource(ConfigResource.Type.TOPIC, "mail.submitted");
    AlterConfigOp unclean =
        new AlterConfigOp(
            new ConfigEntry("unclean.leader.election.enable", "true"), AlterConfigOp.OpType.SET);
    try (Admin admin = KafkaClients.admin(Submissions.kafka(bootstrap, 1), "test-unclean")) {
      admin
          .incrementalAlterConfigs(Map.of(submitted, List.of(unclean)))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
  }

  private String config(String bootstrap) throws Exception {
    String yaml =
        """
        kafka: { bootstrap-servers: "%s", partitions: 2, replication-factor: 1 }
        servers: { a: { host: 127.0.0.1, port: 1, tls: none }, b: { host: 127.0.0.1, port: 1, tls: none } }
        routes: { default: { primary: a, secondary: b } }
        """
            .formatted(bootstrap);
    return Files.writeString(folder.resolve("tandem.yaml"), yaml).toString();
  }
}
