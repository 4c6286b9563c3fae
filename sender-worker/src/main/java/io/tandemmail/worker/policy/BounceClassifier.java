package io.tandemmail.worker.policy;

import io.tandemmail.model.outcome.OutcomeCategory;
import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.RecipientResult;
import io.tandemmail.smtp.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Names why an attempt failed, in one of a few words, from whatever words the server used. The rules are data with the
 * replies that taught them; the first that matches decides. Reports only: nothing is sent, kept or bounced by a category.
 */
final class BounceClassifier {
  private static final String RULES = "bounce-rules.txt";

  /** Part of the program, like its classes: read once, and a bad rule is a defect that stops the start. */
  private static final BounceClassifier STANDARD =
      new BounceClassifier(BounceRuleReader.read(RULES, resource()));

  private final List<BounceRule> rules;

  BounceClassifier(List<BounceRule> rules) {
    this.rules = List.copyOf(rules);
  }

  static BounceClassifier standard() {
    return STANDARD;
  }

  List<BounceRule> rules() {
    return rules;
  }

  OutcomeCategory categoryOf(RecipientResult result) {
    return switch (result) {
      case RecipientResult.Answered answered -> categoryOf(answered.phase(), answered.reply());
      case RecipientResult.Faulted faulted -> categoryOf(faulted.fault());
      case RecipientResult.InDoubt inDoubt -> categoryOf(inDoubt.fault());
    };
  }

  OutcomeCategory categoryOf(Phase phase, Reply reply) {
    return ruleFor(phase, reply).map(BounceRule::category).orElse(OutcomeCategory.OTHER);
  }

  Optional<BounceRule> ruleFor(Phase phase, Reply reply) {
    String words = ReplyWords.plain(reply.text());
    for (BounceRule rule : rules) {
      if (rule.matches(phase, reply, words)) {
        return Optional.of(rule);
      }
    }
    return Optional.empty();
  }

  private static OutcomeCategory categoryOf(Fault fault) {
    return switch (fault.kind()) {
      case DNS -> OutcomeCategory.DNS;
      case TLS -> OutcomeCategory.TLS;
      case AUTH_WITHOUT_TLS, CREDENTIALS -> OutcomeCategory.AUTH;
      case REFUSED,
          CONNECT_TIMEOUT,
          REPLY_TIMEOUT,
          WRITE_TIMEOUT,
          RESET,
          CLOSED,
          OUT_OF_STEP,
          REPLY_TOO_LONG,
          NOT_FRESH ->
          OutcomeCategory.OTHER;
    };
  }

  private static String resource() {
    try (InputStream in = BounceClassifier.class.getResourceAsStream(RULES)) {
      if (in == null) {
        throw new IllegalStateException(RULES + " is missing from the program; build it again");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RULES + " of the program", e);
    }
  }
}
