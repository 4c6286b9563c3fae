package io.tandemmail.torture.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MailTest {
  @Test
  void aMessageIsTheSameEachTime() {
    assertThat(new Mail("r", 24).json()).isEqualTo(new Mail("r", 24).json());
    assertThat(new Mail("r", 7).rfc822()).isEqualTo(new Mail("r", 7).rfc822());
  }

  @Test
  void noRecipientIsInTwoMessages() {
    Set<String> all = new HashSet<>();
    int count = 0;
    for (int i = 0; i < 1_000; i++) {
      all.addAll(new Mail("r", i).recipients());
      count += new Mail("r", i).recipients().size();
    }

    assertThat(all).hasSize(count);
    assertThat(count).isGreaterThan(1_100);
  }
}
