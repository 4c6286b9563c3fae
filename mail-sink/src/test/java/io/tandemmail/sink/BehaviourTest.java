package io.tandemmail.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.sink.Behaviour.Close;
import io.tandemmail.sink.Behaviour.CloseAfter;
import io.tandemmail.sink.Behaviour.Greylist;
import io.tandemmail.sink.Behaviour.RefuseAfter;
import io.tandemmail.sink.Behaviour.Reply;
import io.tandemmail.sink.Behaviour.Silent;
import io.tandemmail.sink.Behaviour.SilentAfter;
import io.tandemmail.sink.Behaviour.Slow;
import io.tandemmail.sink.Behaviour.Stage;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BehaviourTest {
  static Stream<Arguments> words() {
    return Stream.of(
        Arguments.of("normal", Behaviour.NORMAL),
        Arguments.of("421-greeting", new Reply(Stage.GREETING, 421)),
        Arguments.of("421-mail", new Reply(Stage.MAIL, 421)),
        Arguments.of("550-rcpt", new Reply(Stage.RCPT, 550)),
        Arguments.of("554-DATA", new Reply(Stage.DATA, 554)),
        Arguments.of("451-dot", new Reply(Stage.DOT, 451)),
        Arguments.of("452-after-10", new RefuseAfter(452, 10)),
        Arguments.of("close-rcpt", new Close(Stage.RCPT)),
        Arguments.of("close-dot", new Close(Stage.DOT)),
        Arguments.of("close-before-dot", new Close(Stage.CONTENT)),
        Arguments.of("close-after-rcpt", new CloseAfter(Stage.RCPT)),
        Arguments.of("close-after-dot", new CloseAfter(Stage.DOT)),
        Arguments.of("close-after-connect", new Close(Stage.GREETING)),
        Arguments.of("silent-data", new Silent(Stage.DATA)),
        Arguments.of("silent-after-connect", new Silent(Stage.GREETING)),
        Arguments.of("silent-before-dot", new Silent(Stage.CONTENT)),
        Arguments.of("silent-after-dot", new SilentAfter(Stage.DOT)),
        Arguments.of("slow-dot-5s", new Slow(Stage.DOT, Duration.ofSeconds(5))),
        Arguments.of("slow-rcpt-200ms", new Slow(Stage.RCPT, Duration.ofMillis(200))),
        Arguments.of("greylist", new Greylist()),
        Arguments.of("greylist-rcpt", new Greylist()));
  }

  @ParameterizedTest
  @MethodSource("words")
  void wordsMeanWhatTheDocumentationSays(String words, Behaviour meaning) {
    assertThat(Behaviour.parse(words)).contains(meaning);
  }

  @ParameterizedTest
  @MethodSource("words")
  void aTagOrAUserChangesNothing(String words, Behaviour meaning) {
    assertThat(Behaviour.ofRecipient(words + "+tag@example.net")).isEqualTo(meaning);
    assertThat(Behaviour.ofRecipient("ann+" + words + "@example.net")).isEqualTo(meaning);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "550",
        "rcpt",
        "600-rcpt",
        "550-rcpt-5s",
        "slow-dot",
        "slow-dot-5h",
        "slow-dot-5000000s",
        "close-before-rcpt",
        "close",
        "silent",
        "452-after",
        "250-after-3",
        "greylist-dot"
      })
  void otherWordsMeanNothing(String words) {
    assertThat(Behaviour.parse(words)).isEmpty();
  }

  @Test
  void otherRecipientsAskForNothing() {
    for (String recipient :
        new String[] {
          "ann@example.net",
          "ann-marie@example.net",
          "greylisted@example.net",
          "a+b@example.net",
          "postmaster"
        }) {
      assertThat(Behaviour.ofRecipient(recipient)).isEqualTo(Behaviour.NORMAL);
    }
  }
}
