package io.tandemmail.model.dns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "2001:db8::1, 2001:db8:0:0:0:0:0:1",
    "::, 0:0:0:0:0:0:0:0",
    "::ffff:192.0.2.1, 0:0:0:0:0:ffff:c000:201",
    "fe80::1%eth0, fe80:0:0:0:0:0:0:1"
  })
  void addressesAreReadAsWritten(String text, String same) {
    assertThat(IpAddress.parse(text).orElseThrow()).hasToString(same);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "192.0.2",
        "192.0.2.256",
        "192.0.2.1.1",
        "mx.example.com",
        "1::2::3",
        ":::",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7",
        "12345::",
        "1.2.3.4::",
        "-1.0.0.0"
      })
  void whatIsNoAddressIsNone(String text) {
    assertThat(IpAddress.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.0/24, 192.0.2.255, true",
    "192.0.2.0/24, 192.0.3.0, false",
    "192.0.2.7, 192.0.2.7, true",
    "192.0.2.7, 192.0.2.6, false",
    "0.0.0.0/0, 198.51.100.9, true",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false",
    "::/0, 192.0.2.1, false"
  })
  void aNetworkHoldsWhatSharesItsLeadingBits(String network, String address, boolean held) {
    assertThat(
            IpAddress.network(network).orElseThrow().holds(IpAddress.parse(address).orElseThrow()))
        .isEqualTo(held);
  }

  @Test
  void aLengthBeyondTheAddressIsNoNetwork() {
    assertThat(IpAddress.network("192.0.2.0/33")).isEmpty();
    assertThat(IpAddress.network("192.0.2.0/")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, false",
    "10.1.2.3, false",
    "172.31.0.1, false",
    "172.32.0.1, true",
    "::1, false",
    "fd00::1, false",
    "2001:db8::1, true",
    "192.0.2.1, true"
  })
  void addressesOfThisNetworkAreNotPublic(String address, boolean isPublic) {
    assertThat(IpAddress.parse(address).orElseThrow().isPublic()).isEqualTo(isPublic);
  }
}
