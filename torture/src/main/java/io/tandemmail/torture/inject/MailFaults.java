package io.tandemmail.torture.inject;

import io.tandemmail.torture.plan.Fault;
import io.tandemmail.torture.plan.FaultKind;
import io.tandemmail.torture.proxy.Toxic;
import io.tandemmail.torture.rig.MailServer;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** H1 to H5, N2, S1 to S5: all of the primary, but H4. */
public final class MailFaults {
  private static final Duration FLAP = Duration.ofMillis(500);
  private static final int CUTS = 12;
  private static final int CONTENT_BYTES = 150;

  private final MailServer primary;
  private final MailServer secondary;

  public MailFaults(MailServer primary, MailServer secondary) {
    this.primary = primary;
    this.secondary = secondary;
  }

  /**
   * Returns when it is over and mended.
   *
   * @throws IllegalArgumentException for a fault of something else
   */
  public Optional<String> inject(Fault fault) throws IOException, InterruptedException {
    switch (fault.kind()) {
      case H3 -> flap(fault.duration());
      case H4 -> {
        primary.stop();
        secondary.stop();
      }
      case H1, H2, N2, S1 -> begin(fault.variant());
      case H5 -> primary.behave("slow-dot-500ms");
      case S2 -> primary.behave("452-after-2");
      case S3 -> primary.way().set(new Toxic.Slicer(1, Duration.ZERO));
      case S5 -> primary.behave("greylist");
      case W1, W2, W3, W4, R1, G1, B1, B2, N1, N3, P1, C1, D1, F1 ->
          throw new IllegalArgumentException(fault.kind() + " is no fault of a mail server");
    }
    if (fault.kind() != FaultKind.H3) {
      Thread.sleep(fault.duration());
    }
    int cuts = primary.way().cuts();
    primary.mend();
    secondary.mend();
    return cuts == 0 ? Optional.empty() : Optional.of(cuts + " connections cut");
  }

  private void begin(String variant) throws IOException, InterruptedException {
    switch (variant) {
      case "stop" -> primary.stop();
      case "refuse" -> primary.way().set(new Toxic.Refuse());
      case "reset" -> primary.way().set(new Toxic.Reset());
      case "black-hole" -> primary.way().set(new Toxic.BlackHole());
      case "half-open" -> primary.way().set(new Toxic.HalfOpen());
      case "after-dot" -> primary.way().set(Toxic.CutBehind.finalDot(CUTS));
      case "mid-content" -> primary.way().set(Toxic.CutBehind.midContent(CONTENT_BYTES, CUTS));
      default -> primary.behave(variant);
    }
  }

  private void flap(Duration duration) throws IOException, InterruptedException {
    long endNanos = System.nanoTime() + duration.toNanos();
    while (System.nanoTime() < endNanos) {
      primary.stop();
      Thread.sleep(FLAP);
      primary.restart();
      Thread.sleep(FLAP);
    }
  }
}
