package io.tandemmail.simulation.truth;

import java.util.Arrays;
import java.util.List;

/** What really became of one id, per recipient. */
public final class MessageTruth {
  final String id;
  final List<String> recipients;
  final boolean plain;
  final long acceptedAt;

  /** Records and schedule entries that still carry the recipient. */
  final int[] carried;

  /** Messages that a mail server recorded. */
  final int[] copies;

  /** Attempts of which nobody could know what became of them: each explains one more copy. */
  final int[] unclear;

  /** Whether a doubt names the recipient. */
  final boolean[] listed;

  final int[] finals;

  /** Attempts and hops of the last lane record that carried the recipient; each return adds one. */
  final int[] moves;

  boolean admitted;

  MessageTruth(String id, List<String> recipients, boolean plain, long acceptedAt) {
    this.id = id;
    this.recipients = List.copyOf(recipients);
    this.plain = plain;
    this.acceptedAt = acceptedAt;
    this.carried = new int[recipients.size()];
    this.copies = new int[recipients.size()];
    this.unclear = new int[recipients.size()];
    this.listed = new boolean[recipients.size()];
    this.finals = new int[recipients.size()];
    this.moves = new int[recipients.size()];
    Arrays.fill(moves, -1);
  }

  int index(String recipient) {
    return recipients.indexOf(recipient);
  }

  boolean ended() {
    for (int count : finals) {
      if (count == 0) {
        return false;
      }
    }
    return true;
  }

  public String id() {
    return id;
  }
}
