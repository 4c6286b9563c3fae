package io.tandemmail.worker.policy;

import io.tandemmail.model.retry.RetrySchedule.Cause;
import io.tandemmail.model.submission.LastAttempt;
import io.tandemmail.model.submission.LastAttempt.Doubt;
import io.tandemmail.worker.policy.Verdict.When;
import io.tandemmail.worker.policy.Verdict.Where;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The recipients of one transaction that are still open, and what they ask for together: a message is in one place at a
 * time, so its recipients are tried again together.
 */
final class OpenRecipients {
  private final boolean routeHasAnother;
  private final List<String> splitOff = new ArrayList<>();
  private final List<String> others = new ArrayList<>();
  private final List<String> inDoubt = new ArrayList<>();
  private boolean someDelivered;
  private boolean anyToldToWait;
  private boolean anyElsewhere;
  private boolean anyHere;

  /** @param routeHasAnother a server besides the one that was asked */
  OpenRecipients(boolean routeHasAnother) {
    this.routeHasAnother = routeHasAnother;
  }

  void add(String recipient, Verdict verdict) {
    switch (verdict.type()) {
      case DELIVERED -> someDelivered = true;
      case BOUNCED, NOT_TRIED -> {}
      case DEFERRED, IN_DOUBT -> {
        (verdict.when() == When.AT_ONCE ? splitOff : others).add(recipient);
        if (verdict.type() == Verdict.Type.IN_DOUBT) {
          inDoubt.add(recipient);
        }
        anyToldToWait |= !isQuick(verdict.when());
        anyElsewhere |= verdict.where() == Where.ELSEWHERE;
        anyHere |= verdict.where() == Where.HERE;
      }
    }
  }

  boolean isEmpty() {
    return splitOff.isEmpty() && others.isEmpty();
  }

  /**
   * Those split off come first: a server that takes ten at a time then meets new ones in each round, and those it told to
   * wait only once all others have been tried.
   */
  List<String> inOrder() {
    List<String> all = new ArrayList<>(splitOff);
    all.addAll(others);
    return all;
  }

  /**
   * The rest of a message with more recipients than the server takes at a time. Only when this round delivered to somebody,
   * so that there are at most as many rounds as recipients.
   */
  boolean atOnce() {
    return !splitOff.isEmpty() && someDelivered;
  }

  /**
   * A server that knows one of them (greylisted, in doubt) is worth more than the other's better health. Who is in doubt is
   * said besides: what is done about that is the route's to say and the router's to do.
   */
  LastAttempt seenFrom(String server) {
    return new LastAttempt(
        anyElsewhere && !anyHere ? Optional.of(server) : Optional.empty(),
        inDoubt.isEmpty() ? Optional.empty() : Optional.of(new Doubt(server, inDoubt)));
  }

  /** The quick tries are for whom nobody told to wait: the connection broke, or the server has trouble of its own. */
  Cause cause() {
    return anyToldToWait ? Cause.RECIPIENT : Cause.SERVER;
  }

  private boolean isQuick(When when) {
    return when == When.SOON || (when == When.SOON_ELSEWHERE && routeHasAnother);
  }
}
