package io.tandemmail.torture.plan;

import java.util.List;

/**
 * What can be done to a cluster. Those that come first are taken when there are fewer faults than kinds.
 *
 * <p>A variant is chosen by the seed; what each does is said in docs/reliability.md.
 */
public enum FaultKind {
  W1("kill -9 a worker, start it again", 6, 10, 3, ""),
  B1("kill -9 one broker of three, start it again", 8, 12, 3, ""),
  H1("the primary dies, refuses or resets", 4, 6, 1, "stop", "refuse", "reset"),
  W3("SIGSTOP a worker for twice its session, then SIGCONT", 12, 14, 3, ""),
  N1("a worker is cut off from the brokers", 10, 14, 3, "black-hole", "reset"),
  N2("connections to the primary are cut", 4, 6, 1, "after-dot", "mid-content"),
  R1("a router is killed or stopped", 7, 12, 2, "kill", "kill-and-wipe", "stop"),
  G1("kill -9 an ingest, start it again", 4, 8, 2, ""),
  B2("kill -9 two brokers of three, start them again", 8, 12, 3, ""),
  H2(
      "the primary takes connections and falls silent",
      6,
      9,
      1,
      "black-hole",
      "half-open",
      "silent-after-connect",
      "silent-dot"),
  S1(
      "the primary answers with 4yz or closes at some stage",
      5,
      8,
      1,
      "421-greeting",
      "421-mail",
      "451-rcpt",
      "451-dot",
      "450-mail",
      "close-rcpt",
      "close-data",
      "close-before-dot",
      "close-after-dot",
      "421-dot"),
  W4("rolling restart of all workers", 1, 2, 1, ""),
  P1("poison on mail.submitted", 3, 5, 1, ""),
  H3("the primary flaps every second", 10, 16, 1, ""),
  H4("both mail servers are down", 10, 20, 1, ""),
  H5("the primary slows down to a tenth", 8, 12, 1, ""),
  W2("kill -9 a worker every 5 s", 12, 20, 3, ""),
  S2("the primary takes two recipients of a message at a time", 6, 10, 1, ""),
  S3("replies come byte by byte", 6, 10, 1, ""),
  S5("the primary greylists", 4, 8, 1, ""),
  N3("services are slow to reach the brokers", 6, 10, 1, ""),
  C1("the clock of a process jumps by two hours, and back", 10, 15, 10, "+2h", "-2h"),
  D1("a broker's disk is full", 8, 12, 3, "nearly", "wholly"),
  F1("an operator takes the primary out, and in again", 4, 6, 1, "drain", "down");

  private final String title;
  private final int minSeconds;
  private final int maxSeconds;
  private final int targets;

  @SuppressWarnings("ImmutableEnumChecker") // A copy that nobody can change.
  private final List<String> variants;

  FaultKind(String title, int minSeconds, int maxSeconds, int targets, String... variants) {
    this.title = title;
    this.minSeconds = minSeconds;
    this.maxSeconds = maxSeconds;
    this.targets = targets;
    this.variants = List.of(variants);
  }

  public String title() {
    return title;
  }

  int minSeconds() {
    return minSeconds;
  }

  int maxSeconds() {
    return maxSeconds;
  }

  /** How many there are to choose one from. */
  int targets() {
    return targets;
  }

  List<String> variants() {
    return variants;
  }

  /** True where the primary mail server is what fails or is taken out, so that the secondary has to deliver. */
  public boolean isOfThePrimary() {
    return this == H1 || this == H2 || this == F1;
  }

  /** True where the cluster's opinion of a mail server has to change. */
  public boolean isOfAMailServer() {
    return switch (this) {
      case H1, H2, H3, H4, H5, S1, S3, F1 -> true;
      case W1, W2, W3, W4, N1, N2, N3, R1, G1, B1, B2, P1, C1, D1, S2, S5 -> false;
    };
  }
}
