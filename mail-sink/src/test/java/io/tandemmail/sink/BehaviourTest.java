package io.tandemmail.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.sink.Behaviour.Stage;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BehaviourTest {
  @Test
  void wordsMeanWhatTheDocumentationSays() {
    assertThat(Behaviour.parse("550-rcpt")).contains(new Behaviour.Reply(Stage.RCPT, 550));
    assertThat(Behaviour.parse("421-greeting")).contains(new Behaviour.Reply(Stage.GREETING, 421));
    assertThat(Behaviour.parse("close-dot")).contains(new Behaviour.Close(Stage.DOT));
    assertThat(Behaviour.parse("close-after-dot")).contains(new Behaviour.CloseAfter(Stage.DOT));
    assertThat(Behaviour.parse("slow-dot-5s"))
        .contains(new Behaviour.Slow(Stage.DOT, Duration.ofSeconds(5)));
    assertThat(Behaviour.parse("slow-rcpt-200ms+tag"))
        .contains(new Behaviour.Slow(Stage.RCPT, Duration.ofMillis(200)));
    assertThat(Behaviour.ofRecipient("greylist-rcpt@example.net"))
        .isEqualTo(new Behaviour.Greylist(Stage.RCPT));
    assertThat(Behaviour.ofRecipient("ann@example.net")).isEqualTo(Behaviour.NORMAL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "550",
        "rcpt",
        "600-rcpt",
        "slow-dot",
        "close-after-rcpt",
        "550-rcpt-5s",
        "slow-dot-5h"
      })
  void otherWordsMeanNothing(String words) {
    assertThat(Behaviour.parse(words)).isEmpty();
  }
}
