package io.tandemmail.worker.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandemmail.model.outcome.OutcomeCategory;
import io.tandemmail.smtp.EnhancedCode;
import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.RecipientResult;
import io.tandemmail.smtp.Reply;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BounceClassifierTest {
  private final BounceClassifier classifier = BounceClassifier.standard();

  /** Through all the rules: so every rule is reached by what taught it, and none hides another. */
  @TestFactory
  Stream<DynamicTest> everyExampleIsDecidedByTheRuleItStandsBelow() {
    return classifier.rules().stream()
        .flatMap(rule ->
            rule.examples().stream()
                .map(example ->
                    DynamicTest.dynamicTest(
                        "line " + rule.line() + ": " + example,
                        () -> {
                          Phase phase = rule.phase().orElse(Phase.FINAL_DOT);
                          assertThat(classifier.ruleFor(phase, example)).contains(rule);
                          assertThat(classifier.categoryOf(phase, example))
                              .isEqualTo(rule.category());
                        })));
  }

  @Test
  void everyCategoryHasARuleAndTheExamplesAreRepliesThatTheParserWouldMake() {
    assertThat(classifier.rules())
        .extracting(BounceRule::category)
        .contains(OutcomeCategory.values());
    assertThat(classifier.rules())
        .flatExtracting(BounceRule::examples)
        .allMatch(reply ->
            reply.enhanced().map(EnhancedCode::clazz).orElse(reply.code() / 100)
                == reply.code() / 100);
  }

  @Test
  void whatNoRuleKnowsIsOther() {
    assertThat(classifier.categoryOf(Phase.FINAL_DOT, new Reply(451, Optional.empty(), "?")))
        .isEqualTo(OutcomeCategory.OTHER);
  }

  @ParameterizedTest
  @CsvSource({
    "DNS, dns",
    "TLS, tls",
    "AUTH_WITHOUT_TLS, auth",
    "RESET, other",
    "REPLY_TIMEOUT, other"
  })
  void aFaultHasACategoryToo(Fault.Kind kind, String category) {
    Fault fault = new Fault(kind, Phase.DATA, "");

    assertThat(classifier.categoryOf(new RecipientResult.Faulted("a@example.net", fault)))
        .isEqualTo(OutcomeCategory.ofWireName(category).orElseThrow());
  }

  @Test
  void anAddressChosenByTheSenderDecidesNothing() {
    Reply reply =
        new Reply(
            550, Optional.of(new EnhancedCode(5, 1, 1)), "<spamhaus@example.net>: no such user");

    assertThat(classifier.categoryOf(Phase.RCPT, reply)).isEqualTo(OutcomeCategory.BAD_MAILBOX);
  }

  /** Seeded, so a failure is repeated by running it again. */
  @Test
  void noTextWhateverItIsEndsInAnythingButACategory() {
    Random random = new Random(6);
    String alphabet = "<>@ abcdefghijklmnopqrstuvwxyz.|:…\u0000ßİ";
    for (int i = 0; i < 5_000; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(Reply.TEXT_CHARS_MAX);
      for (int c = 0; c < length; c++) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      Phase phase = Phase.values()[random.nextInt(Phase.values().length)];
      Reply reply = new Reply(200 + random.nextInt(400), Optional.empty(), text.toString());

      assertThat(classifier.categoryOf(phase, reply))
          .isEqualTo(classifier.categoryOf(phase, reply));
    }
  }

  @Test
  void phrasesMatchInOrderWithAnythingBetween() {
    BounceRule.Phrase phrase = new BounceRule.Phrase(List.of("mailbox", "full"));

    assertThat(phrase.occursIn("the mailbox of ann is full")).isTrue();
    assertThat(phrase.occursIn("full of mailbox")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "bad-mailbox * 550;line 1: a rule is: category phase code",
        "nonsense * 550 *;line 1: there is no category 'nonsense'",
        "policy dot 550 *;line 1: there is no phase 'dot'",
        "policy * 250 *;line 1: '250' is no code",
        "policy * 5yz 2.1.1;line 1: '2.1.1' is no enhanced code",
        "policy * 5yz * : a | ;line 1: a phrase is empty",
        "policy * 5yz * : Spam;compared in lower case",
        "policy * 5yz *;line 1: the rule has no example",
        "> 550 no;line 1: an example belongs below its rule",
        "policy * 5yz *\\n > hello;line 2: an example is a reply",
        "# nothing;there is no rule"
      })
  void aBadLineIsNamed(String text, String problem) {
    assertThatThrownBy(() -> BounceRuleReader.read("rules.txt", text.replace("\\n", "\n")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rules.txt line")
        .hasMessageContaining(problem);
  }

  @Test
  void allBadLinesAreNamedAtOnce() {
    assertThatThrownBy(() -> BounceRuleReader.read("r", "x * 5yz *\n> 550 a\npolicy * 9 *\n> 550"))
        .satisfies(e -> assertThat(Arrays.asList(e.getMessage().split("\n"))).hasSize(2));
  }
}
