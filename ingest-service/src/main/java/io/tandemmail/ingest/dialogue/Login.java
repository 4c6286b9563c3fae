package io.tandemmail.ingest.dialogue;

import io.tandemmail.smtp.server.Credentials;
import io.tandemmail.smtp.server.SmtpCommand;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * AUTH PLAIN and LOGIN (RFC 4954, 4616) with an API key for the password. The user name is not looked at: the key alone says
 * who may submit, as with HTTP.
 */
final class Login {
  private static final String CANCEL = "*";
  private static final int FAILURES_MAX = 3;
  private static final String USER_PROMPT = "VXNlcm5hbWU6";
  private static final String PASSWORD_PROMPT = "UGFzc3dvcmQ6";

  private final Predicate<String> keys;
  private Awaiting awaiting = Awaiting.NOTHING;
  private int failures;
  private boolean done;

  Login(Predicate<String> keys) {
    this.keys = keys;
  }

  private enum Awaiting {
    NOTHING,
    PLAIN,
    USER,
    PASSWORD
  }

  boolean isDone() {
    return done;
  }

  /** Whether the next line is an answer and no command. */
  boolean isAwaiting() {
    return awaiting != Awaiting.NOTHING;
  }

  /** @param argument mechanism and, perhaps, initial response */
  Step begin(String argument) {
    SmtpCommand said = SmtpCommand.parse(argument);
    String initial = said.argument();
    return switch (said.verb().toUpperCase(Locale.ROOT)) {
      case "PLAIN" -> initial.isEmpty() ? ask(Awaiting.PLAIN, "") : plain(initial);
      case "LOGIN" ->
          initial.isEmpty()
              ? ask(Awaiting.USER, USER_PROMPT)
              : ask(Awaiting.PASSWORD, PASSWORD_PROMPT);
      default -> Step.say(504, "5.5.4 use AUTH PLAIN or AUTH LOGIN");
    };
  }

  Step answer(String line) {
    Awaiting what = awaiting;
    awaiting = Awaiting.NOTHING;
    if (line.equals(CANCEL)) {
      return Step.say(501, "5.7.0 cancelled");
    }
    return switch (what) {
      case PLAIN -> plain(line);
      case USER -> ask(Awaiting.PASSWORD, PASSWORD_PROMPT);
      case PASSWORD -> verdict(Credentials.decoded(line));
      case NOTHING -> throw new IllegalStateException("nothing was asked");
    };
  }

  private Step ask(Awaiting what, String prompt) {
    awaiting = what;
    return Step.say(334, prompt);
  }

  private Step plain(String base64) {
    return verdict(Credentials.ofPlain(base64).map(Credentials::password));
  }

  private Step verdict(Optional<String> key) {
    if (key.filter(keys).isPresent()) {
      done = true;
      return Step.say(235, "2.7.0 welcome");
    }
    failures++;
    return failures < FAILURES_MAX
        ? Step.say(535, "5.7.8 the password is no API key of ingest.api-keys-file")
        : Step.close(421, "4.7.0 too many failed logins");
  }
}
