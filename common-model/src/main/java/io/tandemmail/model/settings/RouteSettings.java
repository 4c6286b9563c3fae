package io.tandemmail.model.settings;

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
 * @param headers fields this route adds to what it composes
 */
public record RouteSettings(
    String id, String primary, List<String> secondaries, Retry retry, OwedHeaders headers) {

  public RouteSettings {
    secondaries = List.copyOf(secondaries);
  }

  /** A route that adds no fields of its own. */
  public RouteSettings(String id, String primary, List<String> secondaries, Retry retry) {
    this(id, primary, secondaries, retry, OwedHeaders.NONE);
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

  public List<String> serversInOrder() {
    List<String> all = new ArrayList<>(secondaries.size() + 1);
    all.add(primary);
    all.addAll(secondaries);
    return all;
  }
}
