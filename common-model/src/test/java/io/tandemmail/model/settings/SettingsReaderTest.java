package io.tandemmail.model.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.doubt.InDoubtPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {
  private static final String GOOD =
      """
      kafka:
        bootstrap-servers: broker-1:9092,broker-2:9092
      servers:
        mx-a: { host: a.example.com, port: 587, tls: required, username: u, password-file: a.secret, max-connections: 40, max-rate: 2000/s }
        mx-b: { host: b.example.com }
      routes:
        default: { primary: mx-a, secondary: mx-b }
        marketing: { primary: mx-b, secondary: [mx-a], retry: { first: 1m, max: 1h, give-up-after: 2d } }
      health: { probe-interval: 250ms, cool-down: 2s..1m }
      """;

  @Test
  void aWholeConfigurationIsRead() {
    Settings settings = valid(GOOD, Map.of());

    assertThat(settings.kafka().bootstrapServers()).isEqualTo("broker-1:9092,broker-2:9092");
    assertThat(settings.kafka().replicationFactor()).isEqualTo((short) 3);
    assertThat(settings.servers().get("mx-a").limits().maxRatePerSecond())
        .isEqualTo(OptionalDouble.of(2000));
    assertThat(settings.servers().get("mx-a").security().tls())
        .isEqualTo(ServerSettings.Tls.REQUIRED);
    assertThat(settings.routes().get("marketing").retry().giveUpAfter())
        .isEqualTo(Duration.ofDays(2));
    assertThat(settings.routes().get("default").serversInOrder()).containsExactly("mx-a", "mx-b");
    assertThat(settings.health().coolDownMax()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void aRouteSaysWhatIsDoneInDoubt() {
    String held = GOOD.replace("secondary: mx-b }", "secondary: mx-b, in-doubt: hold }");

    assertThat(valid(held, Map.of()).routes().get("default").inDoubt())
        .isEqualTo(InDoubtPolicy.HOLD);
    assertThat(valid(GOOD, Map.of()).routes().get("default").inDoubt())
        .isEqualTo(InDoubtPolicy.RESEND_SAME_SERVER);
    assertThat(invalid(held.replace("hold", "ask")))
        .extracting(SettingsProblem::key)
        .contains("routes.default.in-doubt");
  }

  @Test
  void aRouteSaysWhatElseIsDoneAboutBounces() {
    String asked =
        GOOD.replace(
            "secondary: mx-b }",
            "secondary: mx-b, dsn: failures, suppress-hard-bounces: true, suppress-complaints: true }");

    assertThat(valid(asked, Map.of()).routes().get("default").bounces())
        .isEqualTo(new RouteSettings.Bounces(RouteSettings.Dsn.FAILURES, true, true));
    assertThat(valid(GOOD, Map.of()).routes().get("default").bounces())
        .isEqualTo(RouteSettings.Bounces.DEFAULT);
    assertThat(invalid(GOOD.replace("secondary: mx-b }", "dsn: always }")))
        .extracting(SettingsProblem::key)
        .contains("routes.default.dsn");
  }

  @Test
  void aRouteHasAPriority() {
    String asked = GOOD.replace("secondary: mx-b }", "secondary: mx-b, priority: high }");

    assertThat(valid(asked, Map.of()).routes().get("default").priority()).isEqualTo(Priority.HIGH);
    assertThat(valid(GOOD, Map.of()).routes().get("default").priority()).isEqualTo(Priority.NORMAL);
    assertThat(invalid(GOOD.replace("secondary: mx-b }", "priority: urgent }")))
        .extracting(SettingsProblem::key)
        .contains("routes.default.priority");
  }

  @Test
  void everythingWrongIsReportedAtOnceWithItsLine() {
    List<SettingsProblem> problems =
        invalid(
            """
            kafka:
              bootstrap-server: x
            servers:
              MX_A: { host: a.example.com, tls: maybe }
              mx-b: { port: 99999, max-rate: fast }
            routes:
              default: { primary: mx-c, secondary: [mx-b, mx-b] }
            health: { ramp: soon }
            """);

    assertThat(problems)
        .extracting(SettingsProblem::key)
        .contains(
            "kafka.bootstrap-server",
            "servers.MX_A",
            "servers.MX_A.tls",
            "servers.mx-b.port",
            "servers.mx-b.host",
            "servers.mx-b.max-rate",
            "routes.default.primary",
            "routes.default.secondary",
            "health.ramp");
    assertThat(problem(problems, "kafka.bootstrap-server").toString())
        .isEqualTo(
            "tandem.yaml:2: kafka.bootstrap-server is not a key of Tandem's configuration; did you mean bootstrap-servers?");
    assertThat(problem(problems, "servers.MX_A.tls").line()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ingest: { http: { address: 0.0.0.0 } } | ingest.http.address",
        "ingest: { smtp: { port: x } } | ingest.smtp.port",
        "ingest: { smtp: { prot: 2525 } } | ingest.smtp.prot",
        "ingest: { smtp: { address: 0.0.0.0 } } | ingest.smtp.address",
        "ingest: { smtp: { address: 0.0.0.0 }, api-keys-file: k } | ingest.smtp.address",
        "ingest: { smtp: { certificate: a.pem } } | ingest.smtp.key",
        "ingest: { smtp: { bounce-address: example.com } } | ingest.smtp.bounce-address",
        "ingest: { smtp: { bounce-address: a+b@example.com } } | ingest.smtp.bounce-address",
        "ingest: { smtp: { max-connections: 0 } } | ingest.smtp.max-connections",
        "ingest: { min-free-disk: 63MiB } | ingest.min-free-disk",
        "ingest: { min-free-disk: 1025GiB } | ingest.min-free-disk",
        // 2 to the power of 64, and one GiB.
        "ingest: { min-free-disk: 17179869185GiB } | ingest.min-free-disk",
        "ingest: { min-free-disk: 5% } | ingest.min-free-disk",
        "kafka: { replication-factor: 3 } | kafka.replication-factor",
        "health: { cool-down: 5m..5s } | health.cool-down",
        "wroker: {} | wroker"
      })
  void impossibleSettingsAreRefused(String section, String key) {
    String yaml =
        "servers: { a: { host: h } }\nroutes: { default: { primary: a } }\n" + section + "\n";

    assertThat(invalid(yaml)).extracting(SettingsProblem::key).contains(key);
  }

  @Test
  void anUnsafeClientPropertyIsAFindingWithItsLineAndAProblemBesideOthers() {
    String yaml =
        """
        servers: { a: { host: h } }
        routes: { default: { primary: a } }
        kafka:
          properties:
            acks: 1
        """;

    assertThat(SettingsReader.read("tandem.yaml", yaml, Map.of()))
        .isInstanceOfSatisfying(
            SettingsResult.Valid.class,
            valid ->
                assertThat(valid.findings())
                    .singleElement()
                    .satisfies(finding ->
                        assertThat(finding.text())
                            .startsWith("UNSAFE tandem.yaml:5: kafka.properties.acks = 1; ")));
    assertThat(invalid(yaml + "wroker: {}\n"))
        .extracting(SettingsProblem::key)
        .containsExactlyInAnyOrder("wroker", "kafka.properties.acks");
  }

  @Test
  void aGigabyteStaysFreeUnlessSaidOtherwise() {
    String yaml = "servers: { a: { host: h } }\nroutes: { default: { primary: a } }\n";
    assertThat(valid(yaml, Map.of()).ingest().minFreeDiskBytes()).isEqualTo(1L << 30);
    assertThat(
            valid(yaml + "ingest: { min-free-disk: 64MiB }\n", Map.of())
                .ingest()
                .minFreeDiskBytes())
        .isEqualTo(64L << 20);
    assertThat(valid(yaml, Map.of("TANDEM_INGEST_MIN_FREE_DISK", "0")).ingest().minFreeDiskBytes())
        .isZero();
  }

  @Test
  void smtpSubmissionIsThereWhenItIsConfigured() {
    String yaml = "servers: { a: { host: h } }\nroutes: { default: { primary: a } }\n";
    assertThat(valid(yaml, Map.of()).ingest().smtp()).isEmpty();
    assertThat(valid(yaml + "ingest: { smtp: {} }\n", Map.of()).ingest().smtp())
        .contains(
            new SmtpSettings(
                new HttpAddress("127.0.0.1", 2525), Optional.empty(), Optional.empty(), 200));
    assertThat(valid(yaml, Map.of("TANDEM_INGEST_SMTP_PORT", "2526")).ingest().smtp())
        .hasValueSatisfying(smtp -> assertThat(smtp.listen().port()).isEqualTo(2526));
    assertThat(
            valid(
                    yaml
                        + "ingest: { api-keys-file: k, smtp: { address: 0.0.0.0, certificate: c, key: p } }\n",
                    Map.of())
                .ingest()
                .smtp())
        .hasValueSatisfying(smtp -> assertThat(smtp.certificate()).isPresent());
  }

  @ParameterizedTest
  @CsvSource({
    "bounce@Example.com, bounce@example.com, true",
    "bounce@example.com, Bounce+Order-7@EXAMPLE.com, true",
    "bounce@example.com, bouncer@example.com, false",
    "bounce@example.com, bounce@mail.example.com, false",
    "bounce@example.com, bounce, false",
    "*@b.example.com, anything@b.example.com, true",
    "*@b.example.com, anything@example.com, false",
  })
  void theBounceMailboxIsAnAddressOrADomain(String configured, String address, boolean taken) {
    String yaml =
        "servers: { a: { host: h } }\nroutes: { default: { primary: a } }\n"
            + "ingest: { smtp: { bounce-address: '%s' } }\n".formatted(configured);

    assertThat(
            valid(yaml, Map.of())
                .ingest()
                .smtp()
                .orElseThrow()
                .bounceAddress()
                .orElseThrow()
                .takes(address))
        .isEqualTo(taken);
  }

  @Test
  void aRouteCarriesDkimKeysOfManyDomains() {
    String yaml =
        """
        servers: { a: { host: h } }
        routes:
          default:
            primary: a
            dkim:
              - { domain: Example.com, selector: s1, key-file: keys/s1.pem }
              - { domain: mail.example.org, selector: 2026.ed, key-file: keys/ed.pem }
        """;

    assertThat(valid(yaml, Map.of()).routes().get("default").dkim())
        .containsExactly(
            new DkimKeySettings("example.com", "s1", Path.of("keys/s1.pem")),
            new DkimKeySettings("mail.example.org", "2026.ed", Path.of("keys/ed.pem")));
    assertThat(
            valid(yaml, Map.of("TANDEM_ROUTES_DEFAULT_DKIM_0_SELECTOR", "s2"))
                .routes()
                .get("default")
                .dkim()
                .getFirst()
                .selector())
        .isEqualTo("s2");
    assertThat(valid(yaml, Map.of()).hash())
        .isNotEqualTo(valid(yaml, Map.of("TANDEM_ROUTES_DEFAULT_DKIM_0_SELECTOR", "s2")).hash());
  }

  @Test
  void everythingWrongWithDkimKeysIsReportedAtOnceWithItsLine() {
    List<SettingsProblem> problems =
        invalid(
            """
            servers: { a: { host: h } }
            routes:
              default:
                primary: a
                dkim:
                  - { domain: com, selector: s 1, keyfile: keys/s1.pem }
                  - { domain: bücher.example, selector: s1, key-file: k }
                  - { domain: example.com, selector: s1, key-file: k }
                  - { domain: EXAMPLE.com, selector: s1, key-file: k }
                  - keys/s1.pem
            """);

    assertThat(problems)
        .extracting(SettingsProblem::key)
        .contains(
            "routes.default.dkim.0.domain",
            "routes.default.dkim.0.selector",
            "routes.default.dkim.0.key-file",
            "routes.default.dkim.0.keyfile",
            "routes.default.dkim.1.domain",
            "routes.default.dkim.3.selector",
            "routes.default.dkim.4")
        .doesNotContain("routes.default.dkim.2.selector");
    assertThat(problem(problems, "routes.default.dkim.0.keyfile").toString())
        .isEqualTo(
            "tandem.yaml:6: routes.default.dkim.0.keyfile is not a key of Tandem's configuration; did you mean key-file?");
  }

  @Test
  void theEnvironmentOverridesTheFileAndMisspeltVariablesAreNamed() {
    SettingsResult result =
        SettingsReader.read(
            "tandem.yaml",
            GOOD,
            Map.of(
                "TANDEM_KAFKA_BOOTSTRAP_SERVERS",
                "other:9092",
                "TANDEM_SERVERS_MX_A_HOST",
                "c.example.com",
                "TANDEM_KAFKA_PARTITION",
                "3",
                "TANDEM_BUILD",
                "no"));

    assertThat(result).isInstanceOf(SettingsResult.Valid.class);
    SettingsResult.Valid valid = (SettingsResult.Valid) result;
    assertThat(valid.settings().kafka().bootstrapServers()).isEqualTo("other:9092");
    assertThat(valid.settings().servers().get("mx-a").host()).isEqualTo("c.example.com");
    assertThat(valid.warnings()).anyMatch(warning -> warning.contains("TANDEM_KAFKA_PARTITION"));
    assertThat(valid.warnings())
        .as("the launcher's are known")
        .noneMatch(warning -> warning.contains("TANDEM_BUILD"));
  }

  @Test
  void theHashKnowsEverySettingButWhereKafkaAnswers() {
    String hash = valid(GOOD, Map.of()).hash();

    assertThat(valid(GOOD, Map.of("TANDEM_KAFKA_BOOTSTRAP_SERVERS", "other:9092")).hash())
        .isEqualTo(hash);
    assertThat(valid(GOOD, Map.of("TANDEM_SERVERS_MX_A_MAX_CONNECTIONS", "41")).hash())
        .isNotEqualTo(hash);
  }

  @Test
  void whatIsNoYamlIsNamedWithItsLine() {
    assertThat(invalid("kafka: {\n  a: b\n").getFirst().toString())
        .startsWith("tandem.yaml:")
        .contains("is not YAML");
  }

  private static SettingsProblem problem(List<SettingsProblem> problems, String key) {
    return problems.stream().filter(p -> p.key().equals(key)).findFirst().orElseThrow();
  }

  private static Settings valid(String yaml, Map<String, String> environment) {
    SettingsResult result = SettingsReader.read("tandem.yaml", yaml, environment);
    assertThat(result).isInstanceOf(SettingsResult.Valid.class);
    return ((SettingsResult.Valid) result).settings();
  }

  private static List<SettingsProblem> invalid(String yaml) {
    SettingsResult result = SettingsReader.read("tandem.yaml", yaml, Map.of());
    assertThat(result).isInstanceOf(SettingsResult.Invalid.class);
    return ((SettingsResult.Invalid) result).problems();
  }
}
