package io.tandemmail.worker.policy;

import io.tandemmail.smtp.Reply;
import java.util.List;
import java.util.Locale;

/**
 * The few places where the first digit and the phase do not say enough and {@link ReplyPolicy} has to read on: the exact
 * code, the enhanced code, and last of all the text.
 */
final class ReplyWords {
  private static final List<String> GREYLISTING =
      List.of("greylist", "graylist", "grey-list", "gray-list", "grey list", "gray list");
  private static final List<String> TOO_MANY =
      List.of(
          "too many recipient",
          "too many rcpt",
          "recipient limit",
          "recipients limit",
          "number of recipients",
          "recipients per",
          "separate transaction");
  private static final List<String> ABOUT_ROOM =
      List.of("mailbox", "quota", "full", "storage", "space", "disk", "size", "large", "big");

  private ReplyWords() {}

  /** RFC 4954 section 6: 530, 534, 535 and 538 may answer any command of a client that did not log in well enough. */
  static boolean wantsLogin(Reply reply) {
    return switch (reply.code()) {
      case 530, 534, 535, 538 -> true;
      default -> permanent(reply) && (is(reply, 7, 8) || is(reply, 7, 9) || is(reply, 7, 11));
    };
  }

  /** RFC 3207 section 4, "Must issue a STARTTLS command first", where it does not come as 530; and 5.7.10 (RFC 5248). */
  static boolean wantsTls(Reply reply) {
    return permanent(reply)
        && (is(reply, 7, 10) || (bare(reply, 7) && says(reply, List.of("starttls"))));
  }

  /** What RFC 6647 section 2.1 calls it is said in words; 450 or 451 with 4.7.1 at RCPT is how most say it in numbers. */
  static boolean greylistsRecipient(Reply reply) {
    boolean inNumbers = (reply.code() == 450 || reply.code() == 451) && is(reply, 7, 1);
    return inNumbers || namesGreylisting(reply);
  }

  static boolean namesGreylisting(Reply reply) {
    return says(reply, GREYLISTING);
  }

  /**
   * RFC 5321 section 4.5.3.1.10: 452, and 552 from old servers. Both also mean a full mailbox, so the enhanced code counts
   * first, then the words; where neither says anything, it is the number of recipients that this code is for at RCPT.
   */
  static boolean tooManyRecipients(Reply reply) {
    if (reply.code() != 452 && reply.code() != 552) {
      return false;
    }
    return is(reply, 5, 3)
        || (bare(reply, 0) && (says(reply, TOO_MANY) || !says(reply, ABOUT_ROOM)));
  }

  /** X.3.z is the mail system's state, but for X.3.4, which is the message's size (RFC 3463 section 3.4). */
  static boolean systemTrouble(Reply reply) {
    return reply
        .enhanced()
        .filter(known -> known.subject() == 3 && known.detail() != 4)
        .isPresent();
  }

  private static boolean permanent(Reply reply) {
    return reply.code() / 100 == 5;
  }

  private static boolean is(Reply reply, int subject, int detail) {
    return reply
        .enhanced()
        .filter(known -> known.subject() == subject && known.detail() == detail)
        .isPresent();
  }

  /** No enhanced code, or one that names at most the subject: X.subject.0. */
  private static boolean bare(Reply reply, int subject) {
    return reply.enhanced().isEmpty() || is(reply, subject, 0) || is(reply, 0, 0);
  }

  private static boolean says(Reply reply, List<String> words) {
    String text = plain(reply.text());
    return words.stream().anyMatch(text::contains);
  }

  /**
   * In lower case and without addresses: what is between angle brackets and has an at sign was chosen by whoever wrote the
   * mail, and {@code <spam-block@example.net>} says nothing about spam.
   */
  static String plain(String text) {
    StringBuilder words = new StringBuilder(text.length());
    int from = 0;
    for (int open = text.indexOf('<'); open >= 0; open = text.indexOf('<', from)) {
      int close = text.indexOf('>', open);
      if (close < 0) {
        break;
      }
      boolean address = text.substring(open, close).indexOf('@') >= 0;
      words.append(text, from, address ? open : close + 1);
      from = close + 1;
    }
    return words.append(text, from, text.length()).toString().toLowerCase(Locale.ROOT);
  }
}
