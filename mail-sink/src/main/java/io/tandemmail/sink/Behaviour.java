package io.tandemmail.sink;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the sink does wrong, in words: {@code 550-rcpt}, {@code 452-after-10}, {@code slow-dot-5s}, {@code close-after-dot},
 * {@code silent-after-connect}, {@code greylist}. The same words work for the whole sink and, as the local part of a
 * recipient, for one message; {@code docs/mail-sink.md} has the table.
 *
 * <p>Pure: words in, a value out. {@link Dialogue} does what the value says.
 */
public sealed interface Behaviour {
  Pattern GRAMMAR =
      Pattern.compile(
          "(?<code>[245]\\d\\d)-(?<at>greeting|connect|ehlo|mail|rcpt|data|dot)"
              + "|(?<many>[45]\\d\\d)-after-(?<count>\\d{1,6})"
              + "|(?<word>close|silent)-(?<relation>after-|before-)?(?<stage>greeting|connect|ehlo|mail|rcpt|data|dot)"
              + "|slow-(?<late>greeting|connect|ehlo|mail|rcpt|data|dot)-(?<delay>\\d{1,6}(?:ms|s))"
              + "|(?<greylist>greylist)(?:-rcpt)?"
              + "|(?<normal>normal)");

  Pattern DELAY = Pattern.compile("(?<number>\\d{1,6})(?<unit>ms|s)");

  /** Where in the dialogue. */
  enum Stage {
    GREETING,
    EHLO,
    MAIL,
    RCPT,
    DATA,
    /** The content has begun to arrive and has not ended. */
    CONTENT,
    /** The final dot has arrived. */
    DOT
  }

  Stage stage();

  record Normal() implements Behaviour {
    @Override
    public Stage stage() {
      return Stage.GREETING;
    }
  }

  /** Answers with this code instead; 421 closes, too. */
  record Reply(Stage stage, int code) implements Behaviour {}

  /** Closes instead of answering; nothing was recorded. */
  record Close(Stage stage) implements Behaviour {}

  /**
   * Answers as ever, then closes. At the dot: records the message, then closes <em>without</em> a word. What every sender
   * fears (RFC 1047).
   */
  record CloseAfter(Stage stage) implements Behaviour {}

  /** Never answers; nothing was recorded. */
  record Silent(Stage stage) implements Behaviour {}

  /** Answers as ever, then never again. At the dot: records the message and does not say so. */
  record SilentAfter(Stage stage) implements Behaviour {}

  record Slow(Stage stage, Duration delay) implements Behaviour {}

  /** 450 the first time for each address, normal afterwards. */
  record Greylist() implements Behaviour {
    @Override
    public Stage stage() {
      return Stage.RCPT;
    }
  }

  /** Refuses every recipient of a transaction after the first {@code count} that it accepted. */
  record RefuseAfter(int code, int count) implements Behaviour {
    @Override
    public Stage stage() {
      return Stage.RCPT;
    }
  }

  Behaviour NORMAL = new Normal();

  /** Empty when the text is no behaviour. Both {@code words+tag} and {@code user+words} are understood. */
  static Optional<Behaviour> parse(String text) {
    String words = text.toLowerCase(Locale.ROOT);
    int plus = words.indexOf('+');
    return plus < 0
        ? ofWords(words)
        : ofWords(words.substring(0, plus))
            .or(() -> ofWords(words.substring(words.lastIndexOf('+') + 1)));
  }

  /** What a recipient's local part asks for. */
  static Behaviour ofRecipient(String recipient) {
    int at = recipient.lastIndexOf('@');
    String localPart = at < 0 ? recipient : recipient.substring(0, at);
    // Every behaviour has a dash in it, but for greylist; most recipients have neither and need no
    // pattern.
    return localPart.indexOf('-') < 0
            && !localPart.regionMatches(true, 0, "greylist", 0, 8)
            && localPart.indexOf('+') < 0
        ? NORMAL
        : parse(localPart).orElse(NORMAL);
  }

  /** {@code 200ms} or {@code 5s}; empty when the text is neither. */
  static Optional<Duration> delay(String text) {
    Matcher matcher = DELAY.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group("number"));
    return Optional.of(
        matcher.group("unit").equals("ms")
            ? Duration.ofMillis(number)
            : Duration.ofSeconds(number));
  }

  private static Optional<Behaviour> ofWords(String words) {
    Matcher matcher = GRAMMAR.matcher(words);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    if (matcher.group("code") != null) {
      return Optional.of(
          new Reply(stage(matcher.group("at")), Integer.parseInt(matcher.group("code"))));
    }
    if (matcher.group("many") != null) {
      return Optional.of(
          new RefuseAfter(
              Integer.parseInt(matcher.group("many")), Integer.parseInt(matcher.group("count"))));
    }
    if (matcher.group("late") != null) {
      Stage late = stage(matcher.group("late"));
      return delay(matcher.group("delay")).map(delay -> new Slow(late, delay));
    }
    if (matcher.group("word") != null) {
      return closing(matcher);
    }
    return Optional.of(matcher.group("greylist") != null ? new Greylist() : NORMAL);
  }

  private static Optional<Behaviour> closing(Matcher matcher) {
    boolean close = matcher.group("word").equals("close");
    String words = matcher.group("stage");
    String relation = matcher.group("relation") == null ? "" : matcher.group("relation");
    // Nothing is said between the connection and the greeting: what comes after the one comes
    // instead of the other.
    boolean instead = relation.isEmpty() || words.equals("connect") || relation.equals("before-");
    if (relation.equals("before-") && !words.equals("dot")) {
      return Optional.empty();
    }
    Stage stage = relation.equals("before-") ? Stage.CONTENT : stage(words);
    if (instead) {
      return Optional.of(close ? new Close(stage) : new Silent(stage));
    }
    return Optional.of(close ? new CloseAfter(stage) : new SilentAfter(stage));
  }

  private static Stage stage(String word) {
    return word.equals("connect") ? Stage.GREETING : Stage.valueOf(word.toUpperCase(Locale.ROOT));
  }
}
