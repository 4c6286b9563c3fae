package io.tandemmail.torture.inject;

import io.tandemmail.torture.plan.Fault;
import io.tandemmail.torture.plan.FaultKind;
import io.tandemmail.torture.plan.FaultPlan;
import io.tandemmail.torture.rig.Rig;
import io.tandemmail.torture.rig.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Works through a plan, one fault after the other. */
public final class Injector {
  private static final Duration READY = Duration.ofMinutes(2);

  private final Rig rig;
  private final WorkerFaults workers;
  private final ServiceFaults services;
  private final BrokerFaults brokers;
  private final MailFaults mail;
  private final Poison poison;
  private final Operator operator;

  /**
   * @param run names ids of probes and poison
   */
  public Injector(Rig rig, String run) {
    this.rig = rig;
    workers = new WorkerFaults(rig);
    services = new ServiceFaults(rig);
    brokers = new BrokerFaults(rig, run);
    mail = new MailFaults(rig.primary(), rig.secondary());
    poison = new Poison(rig.kafka(), run);
    operator = new Operator(rig.kafka(), Rig.PRIMARY);
  }

  public Poison poison() {
    return poison;
  }

  /**
   * Returns when the last fault is over.
   *
   * @param age of the load
   * @param told of each fault, before and after
   */
  public List<Account> work(FaultPlan plan, Supplier<Duration> age, Consumer<String> told)
      throws InterruptedException {
    List<Account> accounts = new ArrayList<>();
    for (Fault fault : plan.faults()) {
      Duration early = fault.start().minus(age.get());
      if (early.isPositive()) {
        Thread.sleep(early);
      }
      if (fault.kind().isOfThePrimary()) {
        operator.awaitInService().ifPresent(told);
      }
      Account account = new Account(fault);
      accounts.add(account);
      told.accept("fault " + fault.text());
      try {
        inject(fault, account);
      } catch (IOException e) {
        account.problem(String.valueOf(e.getMessage()));
      }
      account.mend();
      account.notes().forEach(told);
      account.problems().forEach(told);
    }
    return accounts;
  }

  /** Everything runs and nothing misbehaves; what does not come back is said. */
  public List<String> mendAll() throws InterruptedException {
    List<String> broken = new ArrayList<>();
    try {
      rig.primary().mend();
      rig.secondary().mend();
      for (Service service : rig.all()) {
        service.start();
      }
    } catch (IOException e) {
      broken.add(String.valueOf(e.getMessage()));
    }
    for (Service service : rig.all()) {
      if (!service.awaitReady(READY)) {
        broken.add(service.name() + " is not ready");
      }
    }
    for (int i = 0; i < rig.brokers().count(); i++) {
      if (!rig.brokers().broker(i).isAlive()) {
        broken.add(rig.brokers().broker(i).name() + " has ended");
      }
    }
    return broken;
  }

  private void inject(Fault fault, Account account) throws IOException, InterruptedException {
    FaultKind kind = fault.kind();
    switch (kind) {
      case W1 -> workers.killOnce(fault, account);
      case W2 -> workers.killAgainAndAgain(fault, account);
      case W3 -> workers.stopForAWhile(fault, account);
      case W4 -> workers.restartAll(account);
      case N1 -> workers.cutOff(fault, account);
      case R1 -> services.router(fault, account);
      case G1 -> services.ingest(fault, account);
      case N3 -> services.farAway(fault, account);
      case B1 -> brokers.killOne(fault, account);
      case B2 -> brokers.killTwo(fault, account);
      case H1, H2, H3, H4, H5, N2, S1, S2, S3, S5 -> {
        account.strike();
        mail.inject(fault).ifPresent(account::note);
      }
      case P1 -> poison.among(fault, account);
      case C1 -> services.clock(fault, account);
      case D1 -> brokers.fillDisk(fault, account);
      case F1 -> operator.takesOut(fault, account);
    }
  }
}
