package io.tandemmail.model.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A named stream of mail.
 *
 * @param secondaries stand in for the primary, in this order; may be empty
 * @param dkim keys its mail is signed with; empty: it is sent unsigned
 * @param bounces what else is done about mail that does not arrive
 */
public record RouteSettings(
    String id,
    String primary,
    List<String> secondaries,
    Retry retry,
    List<DkimKeySettings> dkim,
    Bounces bounces) {

  public RouteSettings {
    secondaries = List.copyOf(secondaries);
    dkim = List.copyOf(dkim);
  }

  /** A route whose mail is not signed, with no more than an outcome for what bounces. */
  public RouteSettings(String id, String primary, List<String> secondaries, Retry retry) {
    this(id, primary, secondaries, retry, List.of(), Bounces.DEFAULT);
  }

  /**
   * What else is done about mail that does not arrive (docs/bounces.md).
   *
   * @param suppressHardBounces a mailbox that is said not to exist gets no more mail
   * @param suppressComplaints nor does one whose owner complained
   */
  public record Bounces(Dsn dsn, boolean suppressHardBounces, boolean suppressComplaints) {
    public static final Bounces DEFAULT = new Bounces(Dsn.NONE, false, false);
  }

  /** Of which outcomes the envelope sender is told by mail (RFC 3464). */
  public enum Dsn {
    NONE,
    FAILURES
  }

  /** Delays grow from first to max by doubling; nothing is planned past giveUpAfter. */
  public record Retry(Duration first, Duration max, Duration giveUpAfter) {
    public static final Retry DEFAULT =
        new Retry(Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofDays(4));
  }

  public List<String> serversInOrder() {
    List<String> all = new ArrayList<>(secondaries.size() + 1);
    all.add(primary);
    all.addAll(secondaries);
    return all;
  }
}
