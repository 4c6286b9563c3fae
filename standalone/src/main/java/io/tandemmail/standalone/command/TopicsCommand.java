package io.tandemmail.standalone.command;

import io.tandemmail.model.safety.Finding;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.runtime.kafka.KafkaClients;
import io.tandemmail.runtime.topics.TopicAdmin;
import io.tandemmail.runtime.topics.TopicPlan;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code topics plan} and {@code topics apply}. */
@Command(
    name = "topics",
    description = "Topics and their settings.",
    mixinStandardHelpOptions = true)
public final class TopicsCommand {
  @Command(
      name = "plan",
      description = "Shows what apply would do, and what is unsafe; 1 when there is something.",
      mixinStandardHelpOptions = true)
  int plan(@Mixin ConfigOption config) {
    ConfigOption.Configured configured = config.readToShow();
    Settings settings = ConfigOption.reachable(configured.settings());
    ConfigOption.requireKafka(settings);
    try (Admin admin = KafkaClients.admin(settings.kafka(), "tandem-topics")) {
      TopicPlan plan = new TopicAdmin(admin).plan(settings);
      System.out.print(plan.text());
      List<Finding> findings = new ArrayList<>(configured.findings());
      findings.addAll(SafetyGate.survey(settings).findings());
      findings.forEach(finding -> System.out.println(finding.text()));
      return plan.isClean() && findings.stream().noneMatch(Finding::isUnsafe) ? 0 : Exit.NO;
    }
  }

  @Command(
      name = "apply",
      description = "Creates and alters topics as configured.",
      mixinStandardHelpOptions = true)
  int apply(@Mixin ConfigOption config) {
    Settings settings = config.readForClient();
    try (Admin admin = KafkaClients.admin(settings.kafka(), "tandem-topics")) {
      TopicPlan plan = new TopicAdmin(admin).apply(settings);
      System.out.print(plan.text());
      return plan.mismatches().isEmpty() ? 0 : Exit.NO;
    }
  }
}
