package io.tandemmail.worker.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.smtp.EnhancedCode;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.RecipientResult;
import io.tandemmail.smtp.RecipientResult.Answered;
import io.tandemmail.smtp.Reply;
import io.tandemmail.worker.policy.Verdict.Reach;
import io.tandemmail.worker.policy.Verdict.Type;
import io.tandemmail.worker.policy.Verdict.When;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ReplyPolicyTest {
  private static final PolicyDocument DOCUMENT = PolicyDocument.read();

  @TestFactory
  Stream<DynamicTest> everyExampleOfTheDocumentIsDecidedByItsRow() {
    return DOCUMENT.rows().stream()
        .flatMap(row ->
            row.results().stream()
                .map(result ->
                    DynamicTest.dynamicTest(
                        row.name() + ": " + describe(result),
                        () -> {
                          assertThat(ReplyPolicy.line(result).name()).isEqualTo(row.name());
                          assertThat(ReplyPolicy.judge(result)).isEqualTo(row.verdict());
                        })));
  }

  @Test
  void theDocumentHasTheRowsOfTheCodeInTheirOrder() {
    List<String> inCode =
        new ArrayList<>(ReplyPolicy.REPLIES.stream().map(ReplyPolicy.Row::name).toList());
    inCode.addAll(
        Stream.of(
                ReplyPolicy.OWNERSHIP_LOST,
                ReplyPolicy.NO_SESSION_FAULT,
                ReplyPolicy.BROKE_BEFORE_DOT,
                ReplyPolicy.SILENT_AFTER_DOT)
            .map(ReplyPolicy.FaultRow::name)
            .toList());

    assertThat(DOCUMENT.rows()).extracting(PolicyDocument.Row::name).isEqualTo(inCode);
    assertThat(DOCUMENT.rows()).allMatch(row -> !row.results().isEmpty());
  }

  /** Whatever the words and enhanced codes: the promises that no row may break. */
  @Test
  void noReplyWhateverItSaysBreaksThePromises() {
    for (Phase phase : Phase.values()) {
      for (int code = 200; code < 600; code++) {
        for (Reply reply : variants(code)) {
          Verdict verdict = ReplyPolicy.judge(new Answered("a@example.net", phase, reply));
          assertKept(phase, reply, verdict);
        }
      }
    }
  }

  private static void assertKept(Phase phase, Reply reply, Verdict verdict) {
    String what = reply + " at " + phase + " is " + verdict;
    assertThat(verdict.type() == Type.DELIVERED)
        .as(what)
        .isEqualTo(phase == Phase.FINAL_DOT && reply.positive());
    if (verdict.type() == Type.BOUNCED) {
      assertThat(reply.code() / 100).as(what).isEqualTo(5);
    }
    if (phase.beforeTransaction()) {
      assertThat(verdict.type()).as(what).isEqualTo(Type.NOT_TRIED);
    }
    boolean aboutOneRecipient = verdict.reach() == Reach.RECIPIENT;
    assertThat(aboutOneRecipient && verdict.againstServer()).as(what).isFalse();
    assertThat(verdict.againstServer())
        .as(what)
        .isEqualTo(verdict.reach() == Reach.CONNECTION || verdict.reach() == Reach.SERVER);
    assertThat(verdict.when() == When.NEVER)
        .as(what)
        .isEqualTo(verdict.type() == Type.DELIVERED || verdict.type() == Type.BOUNCED);
  }

  private static List<Reply> variants(int code) {
    List<Reply> all = new ArrayList<>();
    for (String text : List.of("", "Greylisted", "must issue STARTTLS", "too many recipients")) {
      all.add(new Reply(code, Optional.empty(), text));
      for (int subject = 0; subject <= 7; subject++) {
        for (int detail : new int[] {0, 1, 2, 3, 4, 8, 10}) {
          all.add(
              new Reply(code, Optional.of(new EnhancedCode(code / 100, subject, detail)), text));
        }
      }
    }
    return all;
  }

  @Test
  void aWordInAnAddressSaysNothing() {
    Answered busy =
        new Answered(
            "a@example.net",
            Phase.FINAL_DOT,
            new Reply(450, Optional.empty(), "<greylist@example.net>: busy, <see here>"));

    assertThat(ReplyPolicy.line(busy).name()).isEqualTo("content-not-now");
    assertThat(ReplyWords.plain("A <x@y> B <url> <z@")).isEqualTo("a  b <url> <z@");
  }

  private static String describe(RecipientResult result) {
    return switch (result) {
      case Answered answered -> answered.phase().wireName() + " " + answered.reply();
      case RecipientResult.Faulted faulted -> faulted.fault().toString();
      case RecipientResult.InDoubt inDoubt -> "in doubt " + inDoubt.fault();
    };
  }
}
