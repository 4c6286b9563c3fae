package io.tandemmail.torture.postfix;

import io.tandemmail.torture.inject.MailFaults;
import io.tandemmail.torture.plan.Fault;
import io.tandemmail.torture.plan.FaultKind;
import java.io.IOException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The kinds that a pair of relays can suffer; what hits a service of Tandem hits a relay. */
final class PostfixFaults {
  /** Of services and brokers: a relay is all of them. */
  private static final Set<FaultKind> KILLS =
      EnumSet.of(FaultKind.W1, FaultKind.R1, FaultKind.G1, FaultKind.B1);

  private final List<Relay> relays;
  private final MailFaults mail;

  PostfixFaults(List<Relay> relays, MailFaults mail) {
    this.relays = relays;
    this.mail = mail;
  }

  /** One fault, and when it struck. */
  record Struck(Fault fault, Instant from, Instant to) {}

  static boolean applies(FaultKind kind) {
    return switch (kind) {
      case W1, R1, G1, B1, W3, W4, H1, H2, H3, H4, H5, N2, S1, S2, S3, S5 -> true;
      case W2, N1, N3, B2, P1, C1, D1, F1 -> false;
    };
  }

  Struck inject(Fault fault) throws IOException, InterruptedException {
    Instant from = Instant.now();
    Relay relay = relays.get(fault.target() % relays.size());
    if (KILLS.contains(fault.kind())) {
      relay.kill();
      Thread.sleep(fault.duration());
      relay.startAgain();
    } else if (fault.kind() == FaultKind.W3) {
      relay.pause();
      Thread.sleep(fault.duration());
      relay.resume();
    } else if (fault.kind() == FaultKind.W4) {
      for (Relay each : relays) {
        each.close();
        each.startAgain();
      }
    } else {
      mail.inject(fault);
    }
    return new Struck(fault, from, Instant.now());
  }
}
