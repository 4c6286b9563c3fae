package io.tandemmail.standalone.command;

import io.tandemmail.model.safety.Finding;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.runtime.safety.ClusterSurvey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Where unsafe Kafka settings end a start: one report of all of them (docs/kafka-safety.md). */
final class SafetyGate {
  private static final Duration SURVEY_WAIT = Duration.ofSeconds(5);

  private SafetyGate() {}

  static ClusterSurvey.Report survey(Settings settings) {
    return ClusterSurvey.report(settings, SURVEY_WAIT);
  }

  /** Says on standard error what is weak, and what is unsafe when that is allowed; else refuses with 78. */
  static void pass(List<Finding> findings, boolean allowUnsafe) {
    List<Finding> unsafe = findings.stream().filter(Finding::isUnsafe).toList();
    if (!unsafe.isEmpty() && !allowUnsafe) {
      List<String> report = new ArrayList<>();
      findings.forEach(finding -> report.add("tandem: " + finding.text()));
      report.add(
          "tandem: mend "
              + unsafe.size()
              + " unsafe setting(s) of Kafka, or give --allow-unsafe to go without these promises");
      throw new Exit(Exit.CONFIGURATION, report);
    }
    findings.forEach(finding -> System.err.println("tandem: warning: " + finding.text()));
    if (!unsafe.isEmpty()) {
      System.err.println(
          "tandem: warning: --allow-unsafe: going on without what is not promised above");
    }
  }
}
