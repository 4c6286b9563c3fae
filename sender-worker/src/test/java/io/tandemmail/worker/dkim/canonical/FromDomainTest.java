package io.tandemmail.worker.dkim.canonical;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FromDomainTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "ann@example.com; example.com",
        "<ann@Example.COM>; example.com",
        "Ann <ann@example.com>; example.com",
        "\"Shop, The\" <shop@example.com>; example.com",
        "\"a <evil@example.net>\" <ann@example.com>; example.com",
        "\"say \\\"hi\\\" <x@example.net>\" <ann@example.com>; example.com",
        "(evil@example.net) ann@example.com; example.com",
        "ann@example.com (at (home) x@example.net); example.com",
        "ann (c\\)omment) @ example (x) . com; example.com",
        "\"a@b\"@example.com; example.com",
        "Ann <ann@example.com>, Bob <bob@example.net>; example.com",
        ", ann@example.com, bob@example.net; example.com",
        "<@relay.example.net,@r2.example.net:ann@example.com>; example.com",
        "[Shop] News <news@example.com>; example.com",
        "ann@evil.example.net <ann@example.com>; example.com",
        "Ann ~ <ann@example.com>; example.com"
      })
  void theFirstMailboxCounts(String value, String domain) {
    assertThat(FromDomain.of(value.replace("~", "\r\n"))).contains(domain);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Ann",
        "@example.com",
        "ann@",
        "Friends: ann@example.com, bob@example.net;",
        "undisclosed-recipients:;",
        "ann@[192.0.2.1]",
        "<ann@[IPv6:2001:db8::1]>",
        "<ann@example.com",
        "\"unclosed <ann@example.com>",
        "(unclosed ann@example.com"
      })
  void whereReceiversWouldNotAgreeThereIsNone(String value) {
    assertThat(FromDomain.of(value)).isEmpty();
  }

  @Test
  void severalFromFieldsHaveNoDomain() {
    assertThat(of("From: a@example.com\r\nFrom: b@example.com\r\n\r\n")).isEmpty();
    assertThat(of("Subject: x\r\n\r\nFrom: a@example.com")).isEmpty();
    assertThat(of("from : a@example.com")).contains("example.com");
  }

  private static Optional<String> of(String message) {
    return FromDomain.of(MessageFields.of(message.getBytes(StandardCharsets.ISO_8859_1)));
  }
}
