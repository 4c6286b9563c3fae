package io.tandemmail.model.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.settings.ParitySettings.DnsServer;
import io.tandemmail.model.settings.RouteSettings.Parity;
import io.tandemmail.model.settings.RouteSettings.Parity.Demand;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParityReaderTest {
  @Test
  void parityIsReadWhereItIsSaid() {
    SettingsResult result =
        read(
            """
            dns: { servers: [127.0.0.1:5353, "[::1]:53", 2001:db8::53], timeout: 2s }
            servers: { a: { host: a.example.com, egress-addresses: [192.0.2.1, 2001:db8::1] } }
            routes: { default: { primary: a, parity: required, sender-domains: Example.COM } }
            health: { parity-interval: 1m }
            """);

    assertThat(result).isInstanceOf(SettingsResult.Valid.class);
    Settings settings = ((SettingsResult.Valid) result).settings();
    assertThat(settings.parity().interval()).isEqualTo(Duration.ofMinutes(1));
    assertThat(settings.parity().dns().timeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(settings.parity().dns().servers())
        .containsExactly(
            new DnsServer("127.0.0.1", 5353),
            new DnsServer("::1", 53),
            new DnsServer("2001:db8::53", 53));
    assertThat(settings.servers().get("a").egressAddresses())
        .containsExactly("192.0.2.1", "2001:db8::1");
    assertThat(settings.routes().get("default").parity())
        .isEqualTo(new Parity(Demand.REQUIRED, List.of("example.com")));
  }

  @Test
  void withoutAWordParityIsAdvisedAndSendersAreTheDkimDomains() {
    SettingsResult.Valid result =
        (SettingsResult.Valid)
            read(
                """
                servers: { a: { host: a.example.com } }
                routes: { default: { primary: a, dkim: [{ domain: x.org, selector: s, key-file: k },
                                     { domain: x.org, selector: t, key-file: k }] } }
                """);

    assertThat(result.settings().parity()).isEqualTo(ParitySettings.DEFAULT);
    RouteSettings route = result.settings().routes().get("default");
    assertThat(route.parity()).isEqualTo(Parity.DEFAULT);
    assertThat(route.spfDomains()).containsExactly("x.org");
  }

  @Test
  void everythingWrongIsNamedAtOnce() {
    SettingsResult result =
        read(
            """
            dns: { servers: [resolver.example.com, 127.0.0.1:99999], timeout: never }
            servers: { a: { host: a.example.com, egress-addresses: mail.example.com } }
            routes: { default: { primary: a, parity: strict, sender-domains: [example] } }
            """);

    assertThat(((SettingsResult.Invalid) result).problems())
        .extracting(SettingsProblem::key)
        .containsExactlyInAnyOrder(
            "dns.servers",
            "dns.servers",
            "dns.timeout",
            "servers.a.egress-addresses",
            "routes.default.parity",
            "routes.default.sender-domains");
  }

  private static SettingsResult read(String yaml) {
    return SettingsReader.read("t.yaml", yaml, Map.of());
  }
}
