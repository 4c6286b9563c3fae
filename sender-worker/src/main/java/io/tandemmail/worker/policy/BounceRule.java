package io.tandemmail.worker.policy;

import io.tandemmail.model.outcome.OutcomeCategory;
import io.tandemmail.smtp.EnhancedCode;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.Reply;
import java.util.List;
import java.util.Optional;

/**
 * One rule of {@code bounce-rules.txt}: all that it names must agree.
 *
 * @param line where it stands in the file, from 1
 * @param phase empty: any
 * @param code pattern of three characters, {@code ?} for any digit
 * @param phrases one of them must occur in the text, in lower case; empty: any text
 * @param examples the replies that taught it, as on the wire
 */
record BounceRule(
    int line,
    OutcomeCategory category,
    Optional<Phase> phase,
    String code,
    EnhancedPattern enhanced,
    List<Phrase> phrases,
    List<Reply> examples) {

  BounceRule {
    phrases = List.copyOf(phrases);
    examples = List.copyOf(examples);
  }

  /** What is asked of the enhanced code. */
  sealed interface EnhancedPattern {
    record Any() implements EnhancedPattern {}

    /** No code, or one that says nothing: X.0.0. */
    record Untold() implements EnhancedPattern {}

    /** Empty parts match any number. */
    record Like(Optional<Integer> clazz, int subject, Optional<Integer> detail)
        implements EnhancedPattern {}
  }

  /** Words in this order with anything between: plain searches, so that no text a server makes up can be slow. */
  record Phrase(List<String> parts) {
    Phrase {
      parts = List.copyOf(parts);
    }

    boolean occursIn(String text) {
      int from = 0;
      for (String part : parts) {
        int at = text.indexOf(part, from);
        if (at < 0) {
          return false;
        }
        from = at + part.length();
      }
      return true;
    }
  }

  /**
   * @param words of the reply as {@link ReplyWords#plain} gives them
   */
  boolean matches(Phase at, Reply reply, String words) {
    return phase.filter(only -> only != at).isEmpty()
        && codeMatches(reply.code())
        && enhancedMatches(reply.enhanced())
        && (phrases.isEmpty() || phrases.stream().anyMatch(phrase -> phrase.occursIn(words)));
  }

  private boolean codeMatches(int actual) {
    String digits = Integer.toString(actual);
    for (int i = 0; i < code.length(); i++) {
      if (code.charAt(i) != '?' && code.charAt(i) != digits.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private boolean enhancedMatches(Optional<EnhancedCode> actual) {
    return switch (enhanced) {
      case EnhancedPattern.Any any -> true;
      case EnhancedPattern.Untold untold ->
          actual.filter(told -> told.subject() != 0 || told.detail() != 0).isEmpty();
      case EnhancedPattern.Like like -> actual.filter(told -> agree(like, told)).isPresent();
    };
  }

  private static boolean agree(EnhancedPattern.Like like, EnhancedCode told) {
    return like.clazz().filter(clazz -> clazz != told.clazz()).isEmpty()
        && like.subject() == told.subject()
        && like.detail().filter(detail -> detail != told.detail()).isEmpty();
  }
}
