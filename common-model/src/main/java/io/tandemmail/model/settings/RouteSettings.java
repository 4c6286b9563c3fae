package io.tandemmail.model.settings;

import io.tandemmail.model.doubt.InDoubtPolicy;
import io.tandemmail.model.mime.FieldTemplate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A named stream of mail.
 *
 * @param secondaries stand in for the primary, in this order; may be empty
 * @param dkim keys its mail is signed with; empty: it is sent unsigned
 * @param bounces what else is done about mail that does not arrive
 * @param headers fields this route adds to what it composes
 * @param handling how it stands to its servers and to other routes
 */
public record RouteSettings(
    String id,
    String primary,
    List<String> secondaries,
    Retry retry,
    List<DkimKeySettings> dkim,
    Bounces bounces,
    OwedHeaders headers,
    Handling handling) {

  public RouteSettings {
    secondaries = List.copyOf(secondaries);
    dkim = List.copyOf(dkim);
  }

  /** A route whose mail is not signed, with no more than an outcome for what bounces. */
  public RouteSettings(String id, String primary, List<String> secondaries, Retry retry) {
    this(
        id,
        primary,
        secondaries,
        retry,
        List.of(),
        Bounces.DEFAULT,
        OwedHeaders.NONE,
        Handling.DEFAULT);
  }

  public RouteSettings withDkim(List<DkimKeySettings> keys) {
    return new RouteSettings(id, primary, secondaries, retry, keys, bounces, headers, handling);
  }

  public RouteSettings withBounces(Bounces other) {
    return new RouteSettings(id, primary, secondaries, retry, dkim, other, headers, handling);
  }

  public RouteSettings withHeaders(OwedHeaders other) {
    return new RouteSettings(id, primary, secondaries, retry, dkim, bounces, other, handling);
  }

  public RouteSettings withPriority(Priority other) {
    return with(new Handling(other, parity(), inDoubt()));
  }

  public RouteSettings withParity(Parity other) {
    return with(new Handling(priority(), other, inDoubt()));
  }

  public RouteSettings withInDoubt(InDoubtPolicy other) {
    return with(new Handling(priority(), parity(), other));
  }

  /** Whether its mail can go to another server than this one. */
  public boolean hasAnother(String server) {
    return !primary.equals(server) || !secondaries.isEmpty();
  }

  public Priority priority() {
    return handling.priority();
  }

  public Parity parity() {
    return handling.parity();
  }

  public InDoubtPolicy inDoubt() {
    return handling.inDoubt();
  }

  private RouteSettings with(Handling other) {
    return new RouteSettings(id, primary, secondaries, retry, dkim, bounces, headers, other);
  }

  /**
   * How a route stands to its servers and to other routes.
   *
   * @param priority beside other routes on the same server
   * @param parity how much alike its servers must be
   * @param inDoubt what is done about a recipient whose last reply never came
   */
  public record Handling(Priority priority, Parity parity, InDoubtPolicy inDoubt) {
    public static final Handling DEFAULT =
        new Handling(Priority.NORMAL, Parity.DEFAULT, InDoubtPolicy.RESEND_SAME_SERVER);
  }

  /**
   * How much alike primary and secondaries must be (docs/parity.md).
   *
   * @param senderDomains of reverse-paths, lower-case; empty: the domains of the DKIM keys
   */
  public record Parity(Demand demand, List<String> senderDomains) {
    public static final Parity DEFAULT = new Parity(Demand.ADVISED, List.of());

    public Parity {
      senderDomains = List.copyOf(senderDomains);
    }

    /** What drift does. */
    public enum Demand {
      /** A secondary with a problem gets no mail of this route. */
      REQUIRED,
      /** It is shown and alarmed. */
      ADVISED,
      /** Nobody looks. */
      OFF
    }
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

  /**
   * Fields that a sender of bulk mail owes its recipients and their providers; added to JSON submissions that do not give
   * them themselves. A template whose placeholder has no value for a message adds nothing to it.
   *
   * @param unsubscribeMailto List-Unsubscribe (RFC 2369), without {@code mailto:}
   * @param unsubscribeHttps List-Unsubscribe, and with it List-Unsubscribe-Post (RFC 8058)
   */
  public record OwedHeaders(
      Optional<FieldTemplate> unsubscribeMailto,
      Optional<FieldTemplate> unsubscribeHttps,
      Optional<FieldTemplate> feedbackId) {
    /** Placeholders of the unsubscribe addresses; {@code recipient} has a value where there is exactly one. */
    public static final Set<String> URI_VALUES = Set.of("id", "route", "recipient");

    /** No recipient: providers publish what they count by this field. */
    public static final Set<String> FEEDBACK_VALUES = Set.of("id", "route");

    public static final OwedHeaders NONE =
        new OwedHeaders(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Delays grow from first to max by doubling; nothing is planned past giveUpAfter. */
  public record Retry(Duration first, Duration max, Duration giveUpAfter) {
    public static final Retry DEFAULT =
        new Retry(Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofDays(4));
  }

  /** Domains whose SPF records must let every server of the route send. */
  public List<String> spfDomains() {
    return parity().senderDomains().isEmpty()
        ? dkim.stream().map(DkimKeySettings::domain).distinct().toList()
        : parity().senderDomains();
  }

  public List<String> serversInOrder() {
    List<String> all = new ArrayList<>(secondaries.size() + 1);
    all.add(primary);
    all.addAll(secondaries);
    return all;
  }
}
