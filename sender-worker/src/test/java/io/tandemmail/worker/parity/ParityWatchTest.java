package io.tandemmail.worker.parity;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.server.Drift;
import io.tandemmail.model.server.ParityReport;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.parity.DnsTestServer;
import io.tandemmail.parity.ParityCheck;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.SinkConfig;
import io.tandemmail.sink.SinkConfig.Extension;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ParityWatchTest {
  private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(5);
  private static final String RECORD = "s1._domainkey.example.com";
  private static final String KEY = "v=DKIM1; k=rsa; p=AAAA";

  private final List<ParityReport> reports = new ArrayList<>();
  private DnsTestServer dns;
  private MailSink primary;
  private MailSink secondary;
  private boolean mine = true;
  private final long now = 7;
  private Settings settings;

  @BeforeEach
  void start() throws IOException {
    dns = DnsTestServer.start();
    dns.withText(RECORD, KEY);
    dns.withText("example.com", "v=spf1 ip4:192.0.2.1 -all");
    primary = MailSink.start(SinkConfig.named("a"));
    secondary = MailSink.start(SinkConfig.named("b").without(Extension.SMTPUTF8));
  }

  @AfterEach
  void stop() {
    primary.close();
    secondary.close();
    dns.close();
  }

  @Test
  void eachServerOfARouteIsReportedAtOnceAndThenEveryInterval() {
    try (ParityWatch watch = watch("advised")) {
      watch.turn(now);
      assertThat(reports).extracting(ParityReport::server).containsExactly("a", "b");
      assertThat(reports.getFirst().drifts()).isEmpty();
      assertThat(reports.getLast().drifts())
          .singleElement()
          .satisfies(drift -> assertThat(drift.what()).contains("offers no SMTPUTF8, a does"));

      watch.turn(now + INTERVAL_NANOS - 1);
      assertThat(reports).hasSize(2);
      watch.turn(now + INTERVAL_NANOS);
      assertThat(reports).hasSize(4);
    }
  }

  @Test
  void whoIsNotTheOneToLookDoesNotAndLooksAtOnceWhenItIs() {
    try (ParityWatch watch = watch("advised")) {
      mine = false;
      watch.turn(now);
      assertThat(reports).isEmpty();
      mine = true;
      watch.turn(now + 1);
      mine = false;
      watch.turn(now + 2);
      mine = true;
      watch.turn(now + 3);
      assertThat(reports).hasSize(4);
    }
  }

  /** Were the secondary's drift forgotten when the primary dies, mail would move to it at the worst moment. */
  @Test
  void aPrimaryThatDiesDoesNotMakeTheSecondaryGood() {
    try (ParityWatch watch = watch("required")) {
      watch.turn(now);
      List<Drift> before = reports.getLast().drifts();
      primary.stop();
      watch.turn(now + INTERVAL_NANOS);
      assertThat(reports).as("b is compared with what a was").hasSize(4);
      assertThat(reports.getLast().server()).isEqualTo("b");
      assertThat(reports.getLast().drifts()).isEqualTo(before).isNotEmpty();
    }
  }

  @Test
  void aServerThatNobodyHasSeenIsNotReportedAsAnything() {
    primary.stop();
    try (ParityWatch watch = watch("required")) {
      watch.turn(now);
      assertThat(reports).isEmpty();
    }
  }

  @Test
  void theRoutesDomainsAreThePrimarysAffairAndOutliveADnsThatFails() throws IOException {
    dns.without(RECORD);
    try (ParityWatch watch = watch("advised")) {
      watch.turn(now);
      assertThat(reports.getFirst().drifts())
          .singleElement()
          .satisfies(drift -> assertThat(drift.subject()).isEqualTo("dkim"));

      dns.breaks(RECORD);
      watch.turn(now + INTERVAL_NANOS);
      assertThat(reports.get(2).drifts()).isEqualTo(reports.getFirst().drifts());
    }
  }

  @Test
  void parityOffAsksNobodyAndTakesBackWhatWasSaid() {
    try (ParityWatch watch = watch("off")) {
      watch.turn(now);
      assertThat(reports).extracting(ParityReport::server).containsExactly("a", "b");
      assertThat(reports).allMatch(report -> report.drifts().isEmpty());
      assertThat(primary.counts().connections() + secondary.counts().connections()).isZero();
    }
  }

  @Test
  void anotherConfigurationIsLookedAtAtOnce() {
    try (ParityWatch watch = watch("required")) {
      watch.turn(now);
      settings = settings("off");
      watch.turn(now + 1);
      assertThat(reports).hasSize(4);
      assertThat(reports.getLast().drifts()).isEmpty();
    }
  }

  private ParityWatch watch(String parity) {
    settings = settings(parity);
    return new ParityWatch(
        () -> settings,
        now -> new ParityCheck(now, "localhost", Map.of(RECORD, KEY)),
        route -> mine,
        reports::add,
        "worker-1");
  }

  private Settings settings(String parity) {
    String yaml =
        """
        dns: { servers: "127.0.0.1:%d", timeout: 2s }
        servers:
          a: { host: 127.0.0.1, port: %d, tls: none, egress-addresses: 192.0.2.1 }
          b: { host: 127.0.0.1, port: %d, tls: none, egress-addresses: 192.0.2.1 }
        routes:
          default: { primary: a, secondary: b, parity: %s,
                     dkim: [{ domain: example.com, selector: s1, key-file: x }] }
        """
            .formatted(dns.port(), primary.port(), secondary.port(), parity);
    return switch (SettingsReader.read("t.yaml", yaml, Map.of())) {
      case SettingsResult.Valid valid -> valid.settings();
      case SettingsResult.Invalid invalid -> throw new AssertionError(invalid.problems());
    };
  }
}
