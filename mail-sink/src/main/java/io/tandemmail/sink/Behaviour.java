package io.tandemmail.sink;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the sink does wrong, written as {@code 550-rcpt}, {@code 421-greeting}, {@code close-dot}, {@code close-after-dot},
 * {@code slow-dot-5s}, {@code silent-rcpt}, {@code greylist-rcpt}. The same words work for the whole sink and, as the
 * local part of a recipient ({@code 550-rcpt@…}, with an optional {@code +tag}), for one message.
 */
public sealed interface Behaviour {
  Pattern GRAMMAR =
      Pattern.compile(
          "(?:(?<code>[245]\\d\\d)|(?<word>close-after|close|silent|greylist|slow))-(?<stage>greeting|ehlo|mail|rcpt|data|dot)"
              + "(?:-(?<number>\\d{1,6})(?<unit>ms|s))?");

  /** Where in the dialogue. */
  enum Stage {
    GREETING,
    EHLO,
    MAIL,
    RCPT,
    DATA,
    DOT
  }

  Stage stage();

  record Normal() implements Behaviour {
    @Override
    public Stage stage() {
      return Stage.GREETING;
    }
  }

  /** Answers with this code instead. */
  record Reply(Stage stage, int code) implements Behaviour {}

  /** Closes instead of answering; after the dot nothing was recorded. */
  record Close(Stage stage) implements Behaviour {}

  /** At the dot: records the message, then closes without a word. What every sender fears. */
  record CloseAfter(Stage stage) implements Behaviour {}

  /** Never answers. */
  record Silent(Stage stage) implements Behaviour {}

  record Slow(Stage stage, Duration delay) implements Behaviour {}

  /** 450 the first time, normal afterwards. */
  record Greylist(Stage stage) implements Behaviour {}

  Behaviour NORMAL = new Normal();

  /** Empty when the text is no behaviour. */
  static Optional<Behaviour> parse(String text) {
    String words = text.toLowerCase(Locale.ROOT);
    int tag = words.indexOf('+');
    Matcher matcher = GRAMMAR.matcher(tag < 0 ? words : words.substring(0, tag));
    if (words.equals("normal")) {
      return Optional.of(NORMAL);
    }
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Stage stage = Stage.valueOf(matcher.group("stage").toUpperCase(Locale.ROOT));
    boolean timed = matcher.group("number") != null;
    if (matcher.group("code") != null) {
      return timed
          ? Optional.empty()
          : Optional.of(new Reply(stage, Integer.parseInt(matcher.group("code"))));
    }
    return switch (matcher.group("word")) {
      case "close" -> Optional.of(new Close(stage));
      case "close-after" ->
          stage == Stage.DOT ? Optional.of(new CloseAfter(stage)) : Optional.empty();
      case "silent" -> Optional.of(new Silent(stage));
      case "greylist" -> Optional.of(new Greylist(stage));
      default -> timed ? Optional.of(new Slow(stage, delay(matcher))) : Optional.empty();
    };
  }

  /** What a recipient's local part asks for. */
  static Behaviour ofRecipient(String recipient) {
    int at = recipient.lastIndexOf('@');
    return parse(at < 0 ? recipient : recipient.substring(0, at)).orElse(NORMAL);
  }

  private static Duration delay(Matcher matcher) {
    long number = Long.parseLong(matcher.group("number"));
    return matcher.group("unit").equals("ms")
        ? Duration.ofMillis(number)
        : Duration.ofSeconds(number);
  }
}
