package io.tandemmail.torture;

import io.tandemmail.model.conservation.RouteCounts;
import io.tandemmail.runtime.kafka.TableReader;
import io.tandemmail.torture.check.Arrivals;
import io.tandemmail.torture.check.Checker;
import io.tandemmail.torture.check.Excuse;
import io.tandemmail.torture.check.Finding;
import io.tandemmail.torture.check.HealthPath;
import io.tandemmail.torture.check.Silence;
import io.tandemmail.torture.check.Verdict;
import io.tandemmail.torture.evidence.Events;
import io.tandemmail.torture.evidence.Logs;
import io.tandemmail.torture.inject.Account;
import io.tandemmail.torture.inject.Injector;
import io.tandemmail.torture.inject.Others;
import io.tandemmail.torture.load.Load;
import io.tandemmail.torture.plan.FaultKind;
import io.tandemmail.torture.plan.FaultPlan;
import io.tandemmail.torture.process.Clocks;
import io.tandemmail.torture.process.Jvm;
import io.tandemmail.torture.rig.BrokerDisks;
import io.tandemmail.torture.rig.MailServer;
import io.tandemmail.torture.rig.Rig;
import io.tandemmail.torture.rig.Service;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One run: the cluster, the load and the faults at once, a quiet time, the verdict. */
final class TortureRun {
  private static final Duration PROGRESS = Duration.ofSeconds(10);

  /** From here on a run takes a quarter of an hour and more. */
  private static final int LONG = 150_000;

  private static final int WARM_UP_PER_SECOND = 500;
  private static final Duration POISON_MAX = Duration.ofSeconds(1);

  /** What was accepted so shortly before a fault was under way when it struck. */
  private static final Duration BEFORE = Duration.ofSeconds(1);

  /** Of a fault's time in which its effect on the flow is looked for, what comes after it. */
  private static final Duration AFTERWARDS = Duration.ofSeconds(10);

  private final TortureOptions options;
  private final Path folder;
  private final Consumer<String> told;
  private final long startNanos = System.nanoTime();

  /**
   * @param folder empty
   * @param told of progress, a line at a time
   */
  TortureRun(TortureOptions options, Path folder, Consumer<String> told) {
    this.options = options;
    this.folder = folder;
    this.told = told;
  }

  TortureReport run() throws Exception {
    FaultPlan plan =
        FaultPlan.of(options.seed(), options.faults(), options.kinds(), options.window());
    say("seed %d, %d messages, %d faults:", options.seed(), options.messages(), options.faults());
    plan.faults().forEach(fault -> told.accept("  " + fault.text()));
    Path accepted = folder.resolve("accepted.jsonl");
    try (BrokerDisks disks = disks(plan);
        Rig rig = Rig.start(folder, jvm(plan), disks)) {
      say("the cluster is up");
      Events events = new Events(rig.kafka());
      List<String> broken = new ArrayList<>();
      warmUp(rig, events, accepted, broken);
      Injector injector = new Injector(rig, options.run());
      Instant begun = Instant.now();
      List<Account> accounts;
      Duration loaded;
      try (Load load =
          load(rig, accepted, options.warmUp(), options.messages(), options.perSecond())) {
        Thread progress = Thread.ofPlatform().daemon().start(() -> progress(load));
        accounts = injector.work(plan, load::age, this::say);
        broken.addAll(injector.mendAll());
        if (!load.awaitAccepted(options.window().plus(options.healing()))) {
          broken.add("only %d messages were accepted".formatted(load.accepted()));
        }
        loaded = load.lasted();
        progress.interrupt();
      }
      say("all accepted; quiet from now on");
      Instant quiet = Instant.now();
      Events.Totals totals = heal(events, options.messages(), broken);
      say("healed: %s", totals);
      Duration healed = Duration.between(quiet, Instant.now());
      return judge(
          new Seen(rig, events, totals, accounts, broken), injector, begun, loaded, healed);
    }
  }

  /** Programs have clocks of their own only when one is to be set: each look at such a clock costs more. */
  private Jvm jvm(FaultPlan plan) throws IOException {
    Jvm jvm = Jvm.ofDistribution(options.distribution());
    if (options.messages() >= LONG) {
      jvm = jvm.compilingFully();
    }
    if (!plan.has(FaultKind.C1)) {
      return jvm;
    }
    Path library =
        Clocks.libfaketime()
            .orElseThrow(
                () -> new IOException("C1 needs libfaketime: apt-get install libfaketime"));
    return jvm.with(Clocks.of(library, folder.resolve("clocks")));
  }

  /** Small ones only when one is to be filled: they are in memory. */
  private BrokerDisks disks(FaultPlan plan) throws IOException, InterruptedException {
    return plan.has(FaultKind.D1)
        ? BrokerDisks.small(folder, options.messages())
        : BrokerDisks.asTheyAre();
  }

  /** A mail system runs for months: how it is in its first seconds is not what is asked. Its first messages count all the same. */
  private void warmUp(Rig rig, Events events, Path accepted, List<String> broken)
      throws IOException, InterruptedException {
    try (Load load = load(rig, accepted, 0, options.warmUp(), WARM_UP_PER_SECOND)) {
      load.awaitAccepted(options.healing());
    }
    say("warm: %s", heal(events, options.warmUp(), broken));
  }

  private Load load(Rig rig, Path accepted, int from, int to, int perSecond) throws IOException {
    List<String> ingests = rig.ingests().stream().map(Service::url).toList();
    Load.Plan what = new Load.Plan(options.run(), from, to, perSecond);
    return Load.start(what, ingests, rig.kafka(), accepted);
  }

  /** Everything to judge by. */
  private record Seen(
      Rig rig, Events events, Events.Totals totals, List<Account> accounts, List<String> broken) {}

  private TortureReport judge(
      Seen seen, Injector injector, Instant begun, Duration loaded, Duration healed)
      throws IOException {
    Checker checker = new Checker(Others::isOne);
    Arrivals arrivals = new Arrivals(Rig.PARTITIONS, Rig.SECONDARY);
    Logs.accepted(folder.resolve("accepted.jsonl"), checker);
    for (MailServer sink : List.of(seen.rig.primary(), seen.rig.secondary())) {
      Logs.sink(sink.log(), Rig.PARTITIONS, checker, arrivals, id -> !Others.isOne(id));
    }
    seen.events.outcomes(checker);
    List<Excuse> excuses =
        seen.accounts.stream().flatMap(account -> account.excuses().stream()).toList();
    List<Silence> silences =
        seen.accounts.stream().flatMap(account -> account.silences().stream()).toList();
    Verdict verdict = checker.conclude(excuses, silences);
    List<Finding> more = new ArrayList<>();
    seen.broken.forEach(text -> more.add(new Finding(Finding.Rule.NOT_HEALED, text)));
    for (Account account : seen.accounts) {
      account.problems().forEach(text -> more.add(new Finding(rule(account), text)));
    }
    if (seen.totals.accepted() != checker.admitted() || !seen.totals.allEnded()) {
      more.add(
          new Finding(
              Finding.Rule.CONSERVATION,
              checker.admitted() + " were admitted, the routers counted " + seen.totals));
    }
    more.addAll(poison(injector, seen.events));
    Instant end = begun.plus(loaded);
    tellHealth(seen.accounts, seen.events.healthOf(Rig.PRIMARY), Instant.now());
    List<TortureReport.FaultFigures> figures = figures(seen.accounts, arrivals, checker, end);
    int collapses = seen.rig.all().stream().mapToInt(Service::collapses).sum();
    return new TortureReport(
        options,
        begun,
        verdict.with(more),
        seen.totals,
        figures,
        new TortureReport.Times(Duration.ofNanos(System.nanoTime() - startNanos), loaded, healed),
        collapses,
        seen.events.returned());
  }

  /** The effect of a fault is looked for until a while after it, and no further than to the next one. */
  private static List<TortureReport.FaultFigures> figures(
      List<Account> accounts, Arrivals arrivals, Checker checker, Instant end) {
    List<TortureReport.FaultFigures> figures = new ArrayList<>();
    Instant next = end;
    for (Account account : accounts.reversed()) {
      if (account.struck().isAfter(end)) {
        account.note("the load was over: this fault hit a cluster at rest");
      }
      Instant until = account.mended().plus(AFTERWARDS);
      figures.addFirst(
          new TortureReport.FaultFigures(
              account,
              arrivals.longestGap(account.struck(), until.isAfter(next) ? next : until),
              checker.longestDelay(account.struck().minus(BEFORE), account.mended()),
              account.fault().kind().isOfThePrimary()
                  ? arrivals.secondaryAfter(account.struck())
                  : Optional.empty()));
      next = account.struck();
    }
    return figures;
  }

  /** What followed from each fault of a mail server, until the next one. */
  private static void tellHealth(List<Account> accounts, HealthPath primary, Instant end) {
    Instant next = end;
    for (Account account : accounts.reversed()) {
      if (account.fault().kind().isOfAMailServer()) {
        Instant from = account.struck();
        account.note(
            "%s: %s; %d transitions"
                .formatted(Rig.PRIMARY, primary.text(from, next), primary.transitions(from, next)));
      }
      next = account.struck();
    }
  }

  private static Finding.Rule rule(Account account) {
    return switch (account.fault().kind()) {
      case B2, D1 -> Finding.Rule.LATE_REFUSAL;
      default -> Finding.Rule.NOT_HEALED;
    };
  }

  private static List<Finding> poison(Injector injector, Events events) {
    List<Finding> findings = new ArrayList<>();
    Map<String, Long> sent = injector.poison().sentAtMillis();
    if (sent.isEmpty()) {
      return findings;
    }
    Map<String, Long> rejected = events.rejectedAtMillis();
    sent.forEach((key, at) -> {
      Long found = rejected.get(key);
      if (found == null) {
        findings.add(new Finding(Finding.Rule.POISON, key + " is not there"));
      } else if (found - at > POISON_MAX.toMillis()) {
        findings.add(
            new Finding(Finding.Rule.POISON, key + " came there after " + (found - at) + " ms"));
      }
    });
    return findings;
  }

  /** Until nothing waits, or the time is over. */
  private Events.Totals heal(Events events, int messages, List<String> broken)
      throws InterruptedException {
    long endNanos = System.nanoTime() + options.healing().toNanos();
    try (TableReader<RouteCounts> counts = events.follow()) {
      counts.awaitCaughtUp(options.healing());
      for (int second = 1; ; second++) {
        Events.Totals totals = Events.totals(counts);
        if (totals.accepted() >= messages && totals.allEnded()) {
          return totals;
        }
        if (System.nanoTime() > endNanos) {
          broken.add("mail still waits: " + totals);
          return totals;
        }
        if (second % PROGRESS.toSeconds() == 0) {
          say("waiting: %s", totals);
        }
        TimeUnit.SECONDS.sleep(1);
      }
    }
  }

  private void progress(Load load) {
    try {
      while (true) {
        Thread.sleep(PROGRESS);
        say("%d due, %d accepted", load.offered(), load.accepted());
      }
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  private void say(String format, Object... values) {
    say(format.formatted(values));
  }

  private void say(String text) {
    told.accept(
        "%6.1f s  %s"
            .formatted(
                (System.nanoTime() - startNanos) / (double) TimeUnit.SECONDS.toNanos(1), text));
  }
}
