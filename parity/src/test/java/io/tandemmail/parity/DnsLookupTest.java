package io.tandemmail.parity;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.dns.DnsAnswer;
import io.tandemmail.model.dns.DnsView.Type;
import io.tandemmail.model.settings.ParitySettings.Dns;
import io.tandemmail.model.settings.ParitySettings.DnsServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DnsLookupTest {
  private DnsTestServer server;
  private DnsLookup dns;

  @BeforeEach
  void start() throws IOException {
    server = DnsTestServer.start();
    dns =
        new DnsLookup(
            new Dns(List.of(new DnsServer("127.0.0.1", server.port())), Duration.ofSeconds(2)));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aLongTextComesInOnePiece() throws IOException {
    String text = "v=DKIM1; k=rsa; p=" + "A".repeat(500);
    server.withText("s._domainkey.example.com", text);

    assertThat(dns.ask(Type.TXT, "s._domainkey.example.com"))
        .isEqualTo(new DnsAnswer.Found(List.of(text)));
  }

  @Test
  void addressesAndExchangesComeInOrder() throws IOException {
    server
        .with("example.com", "MX", "20 second.example.com.")
        .with("example.com", "MX", "10 first.example.com.")
        .with("mx.example.com", "A", "192.0.2.1")
        .with("mx.example.com", "AAAA", "2001:db8::1");

    assertThat(dns.ask(Type.MX, "example.com"))
        .isEqualTo(new DnsAnswer.Found(List.of("first.example.com", "second.example.com")));
    assertThat(dns.ask(Type.A, "mx.example.com."))
        .isEqualTo(new DnsAnswer.Found(List.of("192.0.2.1")));
    assertThat(dns.ask(Type.AAAA, "mx.example.com"))
        .isEqualTo(new DnsAnswer.Found(List.of("2001:db8:0:0:0:0:0:1")));
  }

  @Test
  void anAliasIsFollowed() throws IOException {
    server
        .with("s._domainkey.example.com", "CNAME", "s.keys.example.net.")
        .withText("s.keys.example.net", "v=DKIM1; p=AAAA");

    assertThat(dns.ask(Type.TXT, "s._domainkey.example.com"))
        .isEqualTo(new DnsAnswer.Found(List.of("v=DKIM1; p=AAAA")));
  }

  @Test
  void noNameNoDataAndNoNameAtAllAreAbsent() throws IOException {
    server.with("mx.example.com", "A", "192.0.2.1");

    assertThat(dns.ask(Type.TXT, "nowhere.example.com")).isEqualTo(new DnsAnswer.Absent());
    assertThat(dns.ask(Type.TXT, "mx.example.com")).isEqualTo(new DnsAnswer.Absent());
    assertThat(dns.ask(Type.TXT, "a..b")).isEqualTo(new DnsAnswer.Absent());
  }

  @Test
  void aServerThatFailsOrIsSilentIsNotANo() throws IOException {
    server.breaks("broken.example.com");
    server.ignores("silent.example.com");

    assertThat(dns.ask(Type.TXT, "broken.example.com")).isInstanceOf(DnsAnswer.Failed.class);
    assertThat(dns.ask(Type.TXT, "silent.example.com")).isInstanceOf(DnsAnswer.Failed.class);
  }
}
