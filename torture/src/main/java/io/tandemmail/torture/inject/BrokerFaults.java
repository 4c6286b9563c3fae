package io.tandemmail.torture.inject;

import io.tandemmail.torture.plan.Fault;
import io.tandemmail.torture.process.JavaProcess;
import io.tandemmail.torture.process.SmallDisk;
import io.tandemmail.torture.rig.Control;
import io.tandemmail.torture.rig.Rig;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** B1, B2, D1. */
final class BrokerFaults {
  private static final Duration REFUSAL_MAX = Duration.ofSeconds(5);
  private static final Duration PROBE_MAX = Duration.ofSeconds(15);
  private static final Duration PROBE_EVERY = Duration.ofMillis(500);
  private static final Duration BACK = Duration.ofSeconds(90);
  private static final int ACCEPTED = 202;

  /** After the brokers died, what was on its way to them is not yet refused. */
  private static final Duration GRACE = Duration.ofMillis(500);

  /** Half of what ingests want free. */
  private static final int NEARLY_FULL_MIB = 32;

  private final Rig rig;
  private final String run;
  private int probes;

  BrokerFaults(Rig rig, String run) {
    this.rig = rig;
    this.run = run;
  }

  void killOne(Fault fault, Account account) throws IOException, InterruptedException {
    account.strike();
    rig.brokers().broker(fault.target()).kill();
    Thread.sleep(fault.duration());
    rig.brokers().restart(fault.target());
    awaitAccepting(account);
  }

  /** No quorum, no two replicas: nothing may be accepted, and whoever submits is told soon. */
  void killTwo(Fault fault, Account account) throws IOException, InterruptedException {
    List<Integer> victims = List.of(fault.target(), (fault.target() + 1) % rig.brokers().count());
    account.strike();
    for (int victim : victims) {
      rig.brokers().broker(victim).kill();
    }
    Thread.sleep(GRACE);
    long endNanos = System.nanoTime() + fault.duration().toNanos();
    long slowestMillis = 0;
    int refused = 0;
    while (System.nanoTime() < endNanos) {
      long askedNanos = System.nanoTime();
      int status = probe(probes % 2);
      slowestMillis = Math.max(slowestMillis, (System.nanoTime() - askedNanos) / 1_000_000);
      if (status == ACCEPTED) {
        account.problem("ingest accepted mail while two of three brokers were dead");
      } else {
        refused++;
      }
      Thread.sleep(PROBE_EVERY);
    }
    account.note("%d submissions refused, the slowest in %d ms".formatted(refused, slowestMillis));
    if (slowestMillis > REFUSAL_MAX.toMillis()) {
      account.problem("ingest took %d ms to refuse".formatted(slowestMillis));
    }
    for (int victim : victims) {
      rig.brokers().restart(victim);
    }
    awaitAccepting(account);
  }

  /**
   * Nearly full: whoever submits is refused, and nothing else stops. Wholly: the broker ends, and the others go on.
   */
  void fillDisk(Fault fault, Account account) throws IOException, InterruptedException {
    SmallDisk disk = rig.disks().of(fault.target());
    account.strike();
    if (fault.variant().equals("nearly")) {
      disk.fill(NEARLY_FULL_MIB);
      refusals(fault, account);
    } else {
      disk.fill(0);
      awaitEnd(rig.brokers().broker(fault.target()), fault.duration(), account);
    }
    disk.free();
    rig.brokers().restart(fault.target());
    awaitAccepting(account);
  }

  private void refusals(Fault fault, Account account) throws InterruptedException {
    long startNanos = System.nanoTime();
    long endNanos = startNanos + fault.duration().toNanos();
    boolean refuses = false;
    while (System.nanoTime() < endNanos) {
      boolean accepted = probe(0) == ACCEPTED || probe(1) == ACCEPTED;
      long sinceMillis = (System.nanoTime() - startNanos) / 1_000_000;
      if (accepted && sinceMillis > REFUSAL_MAX.toMillis()) {
        account.problem("ingest accepts mail %d ms after the disk was full".formatted(sinceMillis));
        return;
      }
      if (!accepted && !refuses) {
        account.note("both ingests refuse after %d ms".formatted(sinceMillis));
      }
      refuses = !accepted;
      Thread.sleep(PROBE_EVERY);
    }
  }

  private static void awaitEnd(JavaProcess broker, Duration within, Account account)
      throws InterruptedException {
    long startNanos = System.nanoTime();
    while (System.nanoTime() - startNanos < within.toNanos()) {
      if (!broker.isAlive()) {
        account.note(
            "%s ended after %.1f s"
                .formatted(broker.name(), (System.nanoTime() - startNanos) / 1e9));
        return;
      }
      Thread.sleep(PROBE_EVERY);
    }
    account.note(broker.name() + " goes on for " + within.toSeconds() + " s with a full disk");
  }

  private void awaitAccepting(Account account) throws InterruptedException {
    long startNanos = System.nanoTime();
    while (probe(0) != ACCEPTED || probe(1) != ACCEPTED) {
      if (System.nanoTime() - startNanos > BACK.toNanos()) {
        account.problem(
            "ingest accepts nothing " + BACK.toSeconds() + " s after what was broken was mended");
        return;
      }
      Thread.sleep(PROBE_EVERY);
    }
    account.note(
        "both ingests accept %.1f s after what was broken was mended"
            .formatted((System.nanoTime() - startNanos) / 1e9));
  }

  /** The status; 0: no answer. */
  private int probe(int ingest) throws InterruptedException {
    String id = Others.probe(run, probes++);
    try {
      return Control.send(
          "POST",
          rig.ingests().get(ingest).url() + "/v1/messages",
          "{\"id\":\"%s\",\"from\":\"shop@example.com\",\"to\":[\"probe@example.net\"],\"subject\":\"x\",\"text\":\"x\",\"headers\":{\"X-Tandem-Key\":\"%s\"}}"
              .formatted(id, id),
          PROBE_MAX);
    } catch (IOException silent) {
      return 0;
    }
  }
}
