package io.tandemmail.torture.inject;

import io.tandemmail.torture.plan.Fault;
import io.tandemmail.torture.proxy.Toxic;
import io.tandemmail.torture.rig.MailServer;
import io.tandemmail.torture.rig.Rig;
import java.io.IOException;
import java.time.Duration;

/** H1 to H5, N2, S1 to S5: all of the primary, but H4. */
final class MailFaults {
  private static final Duration FLAP = Duration.ofMillis(500);
  private static final int CUTS = 12;
  private static final int CONTENT_BYTES = 150;

  private final Rig rig;
  private final MailServer primary;

  MailFaults(Rig rig) {
    this.rig = rig;
    this.primary = rig.primary();
  }

  void fails(Fault fault, Account account) throws IOException, InterruptedException {
    account.strike();
    switch (fault.variant()) {
      case "stop" -> primary.stop();
      case "refuse" -> primary.way().set(new Toxic.Refuse());
      case "reset" -> primary.way().set(new Toxic.Reset());
      case "black-hole" -> primary.way().set(new Toxic.BlackHole());
      case "half-open" -> primary.way().set(new Toxic.HalfOpen());
      default -> primary.behave(fault.variant());
    }
    Thread.sleep(fault.duration());
    primary.mend();
  }

  void flaps(Fault fault, Account account) throws IOException, InterruptedException {
    account.strike();
    long endNanos = System.nanoTime() + fault.duration().toNanos();
    while (System.nanoTime() < endNanos) {
      primary.stop();
      Thread.sleep(FLAP);
      primary.restart();
      Thread.sleep(FLAP);
    }
    primary.mend();
  }

  void bothDown(Fault fault, Account account) throws IOException, InterruptedException {
    account.strike();
    primary.stop();
    rig.secondary().stop();
    Thread.sleep(fault.duration());
    primary.mend();
    rig.secondary().mend();
  }

  void slow(Fault fault, Account account) throws IOException, InterruptedException {
    account.strike();
    primary.behave("slow-dot-500ms");
    Thread.sleep(fault.duration());
    primary.mend();
  }

  void cut(Fault fault, Account account) throws IOException, InterruptedException {
    account.strike();
    primary
        .way()
        .set(
            fault.variant().equals("after-dot")
                ? Toxic.CutBehind.finalDot(CUTS)
                : Toxic.CutBehind.midContent(CONTENT_BYTES, CUTS));
    Thread.sleep(fault.duration());
    account.note(primary.way().cuts() + " connections cut");
    primary.mend();
  }

  void says(Fault fault, Account account, String words) throws IOException, InterruptedException {
    account.strike();
    primary.behave(words);
    Thread.sleep(fault.duration());
    primary.mend();
  }

  void byteByByte(Fault fault, Account account) throws IOException, InterruptedException {
    account.strike();
    primary.way().set(new Toxic.Slicer(1, Duration.ZERO));
    Thread.sleep(fault.duration());
    primary.mend();
  }
}
