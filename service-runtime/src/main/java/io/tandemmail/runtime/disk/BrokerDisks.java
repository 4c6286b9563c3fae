package io.tandemmail.runtime.disk;

import io.tandemmail.model.disk.LogDir;
import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.runtime.kafka.AdminAnswers;
import io.tandemmail.runtime.kafka.KafkaClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;

/** Asks all brokers for their log folders (needs the right DESCRIBE on the cluster). */
public final class BrokerDisks {
  private final Admin admin;
  private final AdminAnswers answers;
  private final Map<Integer, List<LogDir>> dirs = new TreeMap<>();

  private BrokerDisks(Admin admin, Duration within) {
    this.admin = admin;
    this.answers = AdminAnswers.within(within);
  }

  /**
   * @param dirs by broker; a folder that the broker gave up is left out
   * @param unseen what could not be read, one line each
   */
  public record Answer(Map<Integer, List<LogDir>> dirs, List<String> unseen) {
    public Answer {
      dirs = Collections.unmodifiableMap(new TreeMap<>(dirs));
      unseen = List.copyOf(unseen);
    }
  }

  /**
   * @param within for all brokers together
   */
  static Answer ask(Admin admin, Duration within) {
    BrokerDisks asking = new BrokerDisks(admin, within);
    asking.ask();
    return new Answer(asking.dirs, asking.answers.unseen());
  }

  /** Once, for a command. */
  public static Answer ask(KafkaSettings kafka, String clientId, Duration within) {
    Admin admin = KafkaClients.admin(kafka, clientId + "-disks");
    try {
      return ask(admin, within);
    } finally {
      // A plain close waits for unanswered questions, long after our own time.
      admin.close(Duration.ZERO);
    }
  }

  private void ask() {
    List<Integer> brokers =
        answers
            .of(admin.describeCluster().nodes(), "the list of brokers")
            .orElse(List.of())
            .stream()
            .map(Node::id)
            .sorted()
            .toList();
    Map<Integer, KafkaFuture<Map<String, LogDirDescription>>> asked =
        new TreeMap<>(admin.describeLogDirs(brokers).descriptions());
    for (var broker : asked.entrySet()) {
      answers
          .of(broker.getValue(), "the disks of broker " + broker.getKey())
          .ifPresent(found -> dirs.put(broker.getKey(), read(broker.getKey(), found)));
    }
  }

  private static List<LogDir> read(int broker, Map<String, LogDirDescription> found) {
    List<LogDir> read = new ArrayList<>();
    new TreeMap<>(found)
        .forEach((path, dir) -> {
          OptionalLong usable = dir.usableBytes();
          OptionalLong total = dir.totalBytes();
          if (dir.error() == null && usable.isPresent() && total.isPresent()) {
            read.add(new LogDir(broker, path, usable.getAsLong(), total.getAsLong()));
          }
        });
    return read;
  }
}
