package io.tandemmail.torture.postfix;

import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.torture.check.Arrivals;
import io.tandemmail.torture.check.Checker;
import io.tandemmail.torture.check.Finding.Rule;
import io.tandemmail.torture.check.Verdict;
import io.tandemmail.torture.evidence.Logs;
import io.tandemmail.torture.inject.MailFaults;
import io.tandemmail.torture.load.Load;
import io.tandemmail.torture.load.SmtpLoad;
import io.tandemmail.torture.plan.Fault;
import io.tandemmail.torture.plan.FaultPlan;
import io.tandemmail.torture.process.Jvm;
import io.tandemmail.torture.process.Ports;
import io.tandemmail.torture.rig.MailServer;
import io.tandemmail.torture.rig.Rig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The same load, faults, sinks and checker against two Postfix relays; mail of a relay that is dead waits for that relay. */
public final class PostfixTorture {
  private static final String NOBODY = "550-rcpt";
  private static final Duration AFTERWARDS = Duration.ofSeconds(10);

  private final Path folder;
  private final Consumer<String> told;
  private final List<PostfixFaults.Struck> struck = new ArrayList<>();

  /**
   * @param folder empty, readable by all: Postfix has users of its own
   */
  public PostfixTorture(Path folder, Consumer<String> told) {
    this.folder = folder;
    this.told = told;
  }

  /**
   * @param plan what does not apply to relays is left out
   * @param healing how long mail may take to leave the queues
   */
  public List<String> run(FaultPlan plan, Load.Plan load, Jvm jvm, Duration healing)
      throws IOException, InterruptedException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path accepted = folder.resolve("accepted.jsonl");
    try (MailServer primary =
            MailServer.start(jvm, folder, Rig.PRIMARY, List.of("--without", "CHUNKING"));
        MailServer secondary = MailServer.start(jvm, folder, Rig.SECONDARY, List.of());
        Relay one = relay("relay-1", primary, secondary);
        Relay two = relay("relay-2", primary, secondary)) {
      List<Relay> relays = List.of(one, two);
      PostfixFaults faults = new PostfixFaults(relays, new MailFaults(primary, secondary));
      Instant begun = Instant.now();
      Set<String> unanswered;
      try (SmtpLoad submitting =
          SmtpLoad.start(load, relays.stream().map(Relay::port).toList(), accepted)) {
        for (Fault fault : plan.faults()) {
          if (PostfixFaults.applies(fault.kind())) {
            Duration early = fault.start().minus(submitting.age());
            if (early.isPositive()) {
              Thread.sleep(early);
            }
            told.accept("fault " + fault.text());
            struck.add(faults.inject(fault));
          }
        }
        submitting.awaitAccepted(healing.plusSeconds(load.to() / load.perSecond()));
        told.accept(submitting.accepted() + " accepted");
        unanswered = submitting.unanswered();
      }
      Instant loaded = Instant.now();
      awaitEmpty(relays, healing);
      return judge(accepted, List.of(primary, secondary), unanswered, begun, loaded);
    }
  }

  private Relay relay(String name, MailServer primary, MailServer secondary)
      throws IOException, InterruptedException {
    return Relay.start(folder, name, Ports.free(), primary.port(), secondary.port());
  }

  private void awaitEmpty(List<Relay> relays, Duration healing)
      throws IOException, InterruptedException {
    long endNanos = System.nanoTime() + healing.toNanos();
    while (System.nanoTime() < endNanos) {
      long queued = 0;
      for (Relay relay : relays) {
        queued += relay.queued();
      }
      if (queued == 0) {
        return;
      }
      told.accept(queued + " messages in the queues");
      TimeUnit.SECONDS.sleep(5);
    }
  }

  private List<String> judge(
      Path accepted, List<MailServer> sinks, Set<String> unanswered, Instant begun, Instant loaded)
      throws IOException {
    // Its own mail, bounces to the sender, is no mail of the load.
    Checker checker = new Checker(id -> !id.startsWith("t"));
    Arrivals arrivals = new Arrivals(Rig.PARTITIONS, Rig.SECONDARY);
    Logs.accepted(accepted, checker);
    for (MailServer sink : sinks) {
      Logs.sink(sink.log(), Rig.PARTITIONS, checker, arrivals, id -> id.startsWith("t"));
    }
    // Postfix has no events: what a sink has was delivered, what no sink would take has bounced.
    checker.deriveOutcomes(
        (address, taken) ->
            taken
                ? OutcomeType.DELIVERED
                : address.startsWith(NOBODY) ? OutcomeType.BOUNCED : OutcomeType.ACCEPTED,
        unanswered);
    Verdict verdict = checker.conclude(List.of(), List.of());
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < struck.size(); i++) {
      PostfixFaults.Struck each = struck.get(i);
      Instant next = i + 1 < struck.size() ? struck.get(i + 1).from() : loaded;
      Instant until = each.to().plus(AFTERWARDS);
      lines.add(
          "%-3d %-3s %-22s longest gap %5.1f s  delay %5.1f s  secondary in %s"
              .formatted(
                  each.fault().number(),
                  each.fault().kind(),
                  each.fault().variant(),
                  arrivals.longestGap(each.from(), until.isAfter(next) ? next : until).toMillis()
                      / 1e3,
                  checker.longestDelay(each.from().minusSeconds(1), each.to()).toMillis() / 1e3,
                  each.fault().kind().isOfThePrimary()
                      ? arrivals
                          .secondaryAfter(each.from())
                          .map(time -> time.toMillis() / 1e3 + " s")
                          .orElse("-")
                      : "-"));
    }
    lines.add(
        "%d messages to %d recipients accepted in %d s; %s"
            .formatted(
                verdict.accepted(),
                verdict.recipients(),
                Duration.between(begun, loaded).toSeconds(),
                verdict.ends()));
    lines.add(
        "lost %d; second copies: %d submitted again for want of an answer, %d besides, none listed"
            .formatted(
                verdict.count(Rule.LOST),
                verdict.explainedInAll(),
                verdict.count(Rule.UNEXPLAINED_DUPLICATE)));
    verdict
        .findings()
        .forEach(finding -> lines.add("  " + finding.rule() + " " + finding.detail()));
    return lines;
  }
}
