package io.tandemmail.model.address;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmailAddressTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ann@example.net",
        "bounce+1017@example.com",
        "421-rcpt@example.net",
        "o'neil@sub.example.co",
        "ann@localhost.localdomain"
      })
  void mailboxesPass(String address) {
    assertThat(EmailAddress.problem(address)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ann",
        "@example.net",
        "ann@",
        "ann@exa mple.net",
        "a@b.cc> NOTIFY=NEVER",
        "<a@b.cc>",
        "a@b.cc\r\nDATA",
        "a@b.cc\n",
        "a\u0000@b.cc",
        "a@b.cc,d@e.ff",
        "a..b@example.com"
      })
  void whatCouldEndACommandOrIsNoMailboxDoesNot(String address) {
    assertThat(EmailAddress.problem(address)).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ann@example.net | ann@example.net",
        "Ann <ann@example.net> | ann@example.net",
        "\"Ann <x@y.zz>\" <ann@example.net> | ann@example.net",
        "<ann@example.net> | ann@example.net"
      })
  void theBareAddressIsTakenOutOfAMailbox(String mailbox, String bare) {
    assertThat(Mailbox.bareAddress(mailbox)).isEqualTo(bare);
  }
}
