package io.tandemmail.torture.inject;

import io.tandemmail.torture.plan.Fault;
import io.tandemmail.torture.proxy.Toxic;
import io.tandemmail.torture.rig.Rig;
import io.tandemmail.torture.rig.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** R1, G1, N3, C1. */
final class ServiceFaults {
  private static final Duration READY = Duration.ofMinutes(2);
  private static final Duration SETTLED = Duration.ofSeconds(3);
  private static final Toxic FAR_AWAY =
      new Toxic.Slow(Duration.ofMillis(40), Duration.ofMillis(40), 0);

  private final Rig rig;

  ServiceFaults(Rig rig) {
    this.rig = rig;
  }

  void router(Fault fault, Account account) throws IOException, InterruptedException {
    Service router = rig.routers().get(fault.target());
    account.strike();
    if (fault.variant().equals("stop")) {
      router.pause();
      Thread.sleep(fault.duration());
      router.resume();
    } else {
      router.kill();
      Thread.sleep(fault.duration());
      if (fault.variant().equals("kill-and-wipe")) {
        wipe(rig.routerState(fault.target()));
      }
      router.start();
    }
    awaitReady(router, account);
  }

  void ingest(Fault fault, Account account) throws IOException, InterruptedException {
    Service ingest = rig.ingests().get(fault.target());
    account.strike();
    ingest.kill();
    Thread.sleep(fault.duration());
    ingest.start();
    awaitReady(ingest, account);
  }

  void farAway(Fault fault, Account account) throws IOException, InterruptedException {
    account.strike();
    rig.serviceWays().set(FAR_AWAY);
    Thread.sleep(fault.duration());
    rig.serviceWays().set(Toxic.NONE);
  }

  /**
   * Of a worker, a router, an ingest or a broker: every process has its turn. The primary greylists meanwhile, so that there are
   * retries whose time is set by one clock and asked by another.
   */
  void clock(Fault fault, Account account) throws IOException, InterruptedException {
    List<String> processes = new ArrayList<>();
    rig.all().forEach(service -> processes.add(service.name()));
    for (int i = 0; i < rig.brokers().count(); i++) {
      processes.add(rig.brokers().broker(i).name());
    }
    String process = processes.get(fault.target());
    account.note("the clock of " + process);
    account.strike();
    rig.clocks().set(process, fault.variant());
    rig.primary().behave("greylist");
    Thread.sleep(fault.duration());
    rig.clocks().setRight(process);
    rig.primary().mend();
    // A service whose clock is set back ends, and whoever supervises it starts it again.
    Thread.sleep(SETTLED);
    for (Service service : rig.all()) {
      awaitReady(service, account);
    }
  }

  private static void awaitReady(Service service, Account account) throws InterruptedException {
    if (!service.awaitReady(READY)) {
      account.problem(service.name() + " is not ready " + READY.toSeconds() + " s after");
    }
  }

  private static void wipe(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> inside;
    try (Stream<Path> all = Files.walk(folder)) {
      inside = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : inside) {
      Files.delete(path);
    }
  }
}
