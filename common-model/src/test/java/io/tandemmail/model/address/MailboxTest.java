package io.tandemmail.model.address;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MailboxTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a@example.com | `` | a@example.com",
        "<a@example.com> | `` | a@example.com",
        "Ann <a@example.com> | Ann | a@example.com",
        "B, C  <a@example.com> | B, C | a@example.com",
        "\"B, \\\"C\\\" \\\\ <x@y>\" <a@example.com> | B, \"C\" \\ <x@y> | a@example.com",
        "\"\" <a@example.com> | `` | a@example.com",
        "A <b@example.com> <a@example.com> | A <b@example.com> | a@example.com",
        "\"a <b@example.com>\" | `` | \"a <b@example.com>\""
      })
  void nameAndAddressComeFromTheSameReading(String mailbox, String name, String address) {
    assertThat(Mailbox.displayName(mailbox)).isEqualTo(name);
    assertThat(Mailbox.bareAddress(mailbox)).isEqualTo(address);
  }
}
