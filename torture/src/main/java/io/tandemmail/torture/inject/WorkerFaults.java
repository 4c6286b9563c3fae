package io.tandemmail.torture.inject;

import io.tandemmail.torture.plan.Fault;
import io.tandemmail.torture.proxy.Toxic;
import io.tandemmail.torture.rig.Rig;
import io.tandemmail.torture.rig.Service;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/** W1 to W4, N1. */
final class WorkerFaults {
  private static final Duration KILL_EVERY = Duration.ofSeconds(5);

  /** Ownership lasts two thirds of a session of 6 s; then a moment for what had gone out. */
  private static final Duration SILENT_AFTER = Duration.ofMillis(5_500);

  private static final Duration READY = Duration.ofMinutes(2);

  private final Rig rig;

  WorkerFaults(Rig rig) {
    this.rig = rig;
  }

  void killOnce(Fault fault, Account account) throws IOException, InterruptedException {
    Service worker = rig.workers().get(fault.target());
    account.strike();
    kill(worker, account);
    Thread.sleep(fault.duration());
    startAgain(worker, account);
  }

  void killAgainAndAgain(Fault fault, Account account) throws IOException, InterruptedException {
    Service worker = rig.workers().get(fault.target());
    account.strike();
    long endNanos = System.nanoTime() + fault.duration().toNanos();
    int kills = 0;
    while (System.nanoTime() < endNanos) {
      kill(worker, account);
      worker.start();
      kills++;
      Thread.sleep(KILL_EVERY);
    }
    account.note(kills + " kills");
    awaitReady(worker, account);
  }

  void stopForAWhile(Fault fault, Account account) throws IOException, InterruptedException {
    Service worker = rig.workers().get(fault.target());
    account.strike();
    worker.pause();
    account.excuse(worker, Duration.ZERO);
    Thread.sleep(fault.duration());
    worker.resume();
    awaitReady(worker, account);
  }

  /** One after the other; nothing of it may be seen. */
  void restartAll(Account account) throws IOException, InterruptedException {
    account.strike();
    for (Service worker : rig.workers()) {
      worker.terminate();
      startAgain(worker, account);
    }
  }

  void cutOff(Fault fault, Account account) throws IOException, InterruptedException {
    Service worker = rig.workers().get(fault.target());
    account.strike();
    rig.workerWays(fault.target())
        .set(fault.variant().equals("reset") ? new Toxic.Reset() : new Toxic.BlackHole());
    account.excuse(worker, SILENT_AFTER);
    Instant silentFrom = Instant.now().plus(SILENT_AFTER);
    Thread.sleep(fault.duration());
    account.silence(worker, silentFrom);
    rig.workerWays(fault.target()).set(Toxic.NONE);
    awaitReady(worker, account);
  }

  private static void kill(Service worker, Account account) throws InterruptedException {
    worker.kill();
    account.excuse(worker, Duration.ZERO);
  }

  private static void startAgain(Service worker, Account account)
      throws IOException, InterruptedException {
    worker.start();
    awaitReady(worker, account);
  }

  private static void awaitReady(Service worker, Account account) throws InterruptedException {
    if (!worker.awaitReady(READY)) {
      account.problem(worker.name() + " is not ready " + READY.toSeconds() + " s after");
    }
  }
}
