package io.tandemmail.model.drill;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What was measured in a drill. Times count from its beginning, those of the way back from the order to end; empty: it did
 * not happen while somebody watched.
 *
 * @param detection until the cluster's opinion of the primary had changed
 * @param evidence of that change, in words
 * @param firstBySecondary until the first delivery by a server other than the primary
 * @param firstWaiting the same of a message that was accepted before the drill began
 * @param restored until the primary was UP with its whole share
 * @param firstByPrimaryAgain until its first delivery
 * @param accepted recipients of messages taken in meanwhile
 * @param deliveredBy recipients, by server
 * @param moved messages that waited for the primary and were given to another
 * @param leastShare the smallest share of the primary, percent
 * @param unfinished recipients accepted meanwhile without a final outcome at the end
 * @param duplicates recipients with two deliveries of one message
 * @param inDoubt recipients where a reply was missing
 */
public record DrillFigures(
    Optional<Duration> detection,
    String evidence,
    Optional<Duration> firstBySecondary,
    Optional<Duration> firstWaiting,
    Optional<Duration> restored,
    Optional<Duration> firstByPrimaryAgain,
    long accepted,
    Map<String, Long> deliveredBy,
    int moved,
    int leastShare,
    int unfinished,
    int duplicates,
    int inDoubt) {
  public DrillFigures {
    deliveredBy = Map.copyOf(deliveredBy);
  }
}
