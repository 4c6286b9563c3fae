package io.tandemmail.model.parity;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.dns.DnsAnswer;
import io.tandemmail.model.parity.ServerFacts.Certificate;
import io.tandemmail.model.parity.ServerFacts.Login;
import io.tandemmail.model.parity.ServerFacts.Offer;
import io.tandemmail.model.parity.ServerFacts.TlsFacts;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.model.spf.SpfResult;
import io.tandemmail.model.spf.SpfResult.Verdict;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParityRulesTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final String KEY = "v=DKIM1; k=rsa; p=AAAA";
  private static final Set<String> ALL =
      Set.of("8BITMIME", "SMTPUTF8", "DSN", "SIZE", "STARTTLS", "AUTH", "PIPELINING", "CHUNKING");

  private final Map<String, ServerFacts> facts =
      new HashMap<>(Map.of("a", good("a"), "b", good("b")));
  private DomainFacts domains = DomainFacts.NONE;
  private String serverB = "";
  private String routeKeys = "";

  @Test
  void serversThatAreAlikeHaveNoFindings() {
    assertThat(findings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"8BITMIME, problem", "SMTPUTF8, problem", "DSN, problem", "PIPELINING, advice"})
  void aCapabilityThatTheSecondaryLacksIsNamed(String keyword, String grade) {
    facts.put("b", offering("b", without(keyword), 50_000_000));

    assertThat(findings())
        .singleElement()
        .asString()
        .startsWith(grade + " server b: capability: offers no " + keyword + ", a does; ");
  }

  @Test
  void aCapabilityThatOnlyThePrimaryLacksIsAdvice() {
    facts.put("a", offering("a", without("SMTPUTF8"), 50_000_000));

    assertThat(findings())
        .singleElement()
        .asString()
        .startsWith("advice server a: capability: offers no SMTPUTF8, b does");
  }

  @Test
  void aSmallerSizeIsAProblemWhereAcceptedMailDoesNotFit() {
    facts.put("b", offering("b", ALL, 1_000_000));
    assertThat(findings())
        .singleElement()
        .asString()
        .startsWith("problem server b: size: takes messages of up to 1000000 bytes, a of up to ");

    facts.put("b", offering("b", ALL, 20_000_000));
    assertThat(findings()).singleElement().asString().startsWith("advice server b: size: ");
  }

  @Test
  void missingStartTlsIsSaidOfTheServerThatLacksIt() {
    facts.put(
        "a",
        new ServerFacts(
            "a",
            List.of(),
            good("a").offer(),
            false,
            Optional.empty(),
            new Login.NotTried(),
            Optional.empty()));

    assertThat(findings())
        .singleElement()
        .asString()
        .startsWith("problem server a: starttls: offers no STARTTLS, and tls: required");
  }

  @Test
  void anExpiredCertificateIsExplainedByItsDate() {
    facts.put("b", showing("b", certificate("b.example.com", NOW.minusSeconds(1)), "whatever"));
    assertThat(findings())
        .singleElement()
        .asString()
        .startsWith(
            "problem server b: certificate: the certificate expired at 2026-11-25T11:59:59Z");

    facts.put("b", showing("b", certificate("b.example.com", NOW.plusSeconds(86_400)), ""));
    assertThat(findings())
        .singleElement()
        .asString()
        .startsWith("advice server b: certificate: the certificate expires soon, at 2026-11-26T");
  }

  @ParameterizedTest
  @CsvSource({
    "other.example.com, false",
    "b.example.com, true",
    "B.Example.COM, true",
    "*.example.com, true",
    "*.com, false",
    "*.b.example.com, false"
  })
  void theNameMustBeTheServers(String name, boolean fits) {
    facts.put("b", showing("b", certificate(name, NOW.plusSeconds(90 * 86_400)), ""));

    assertThat(findings().isEmpty()).isEqualTo(fits);
  }

  @Test
  void whatTlsDoesNotTrustIsRepeatedInItsWords() {
    facts.put(
        "b", showing("b", certificate("b.example.com", NOW.plusSeconds(90 * 86_400)), "no path"));

    assertThat(findings()).singleElement().asString().contains("is not trusted: no path; set");
  }

  @Test
  void aRefusedLoginIsFoundWithTheReply() {
    facts.put("b", with(good("b"), new Login.Refused("535 5.7.8 wrong\u001b[31m password")));

    assertThat(findings())
        .singleElement()
        .asString()
        .startsWith(
            "problem server b: login: the login was refused: 535 5.7.8 wrong?[31m password");
  }

  @Test
  void aLoginWithheldForItsCertificateIsOneFindingNotTwo() {
    ServerFacts expired = showing("b", certificate("b.example.com", NOW.minusSeconds(9)), "old");
    facts.put("b", with(expired, new Login.Withheld("the certificate is not trusted")));

    assertThat(findings()).singleElement().asString().contains(": certificate: ");
  }

  @Test
  void whoCannotBeAskedIsNoDifference() {
    facts.put(
        "b",
        new ServerFacts(
            "b",
            List.of(),
            Optional.empty(),
            false,
            Optional.empty(),
            new Login.NotTried(),
            Optional.of(new ServerFacts.Trouble("connect", "refused"))));

    assertThat(findings())
        .singleElement()
        .asString()
        .startsWith("problem server b: reach: could not be asked to the end, at connect: refused");
  }

  @Test
  void policyAndCapsAreComparedWithoutAskingAnybody() {
    serverB = "tls: opportunistic, max-connections: 5, max-rate: 10/s";

    assertThat(findings())
        .satisfiesExactly(
            policy ->
                assertThat(policy)
                    .startsWith(
                        "problem server b: tls-policy: has tls: opportunistic, a has tls: required"),
            connections ->
                assertThat(connections)
                    .startsWith("advice server b: caps: has max-connections 5, a 10"),
            rate ->
                assertThat(rate)
                    .startsWith("advice server b: caps: has max-rate 10.0/s, a no limit"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "v=DKIM1; k=rsa; p=AAAA | -",
        "p=AA AA | -",
        "v=DKIM1; k=rsa; p=BBBB | problem dkim: s._domainkey.example.com publishes another key",
        "v=DKIM1; k=rsa; p= | problem dkim: s._domainkey.example.com says that the key is revoked",
        "v=DKIM1; k=ed25519; p=AAAA | problem dkim: s._domainkey.example.com publishes a key of type ed25519",
        "v=DKIM1; h=sha1; p=AAAA | problem dkim: s._domainkey.example.com does not allow the key",
        "v=DKIM1; t=y; p=AAAA | advice dkim: s._domainkey.example.com is marked as a test",
        "something else | problem dkim: there is no key record s._domainkey.example.com"
      })
  void thePublishedKeyMustBeTheOneThatSigns(String record, String finding) {
    domains = key(new DnsAnswer.Found(List.of(record)));

    assertThat(findings()).hasSize(finding == null ? 0 : 1);
    assertThat(findings()).allSatisfy(text -> assertThat(text).startsWith(finding));
  }

  @Test
  void aMissingKeyRecordIsNotADnsThatDoesNotAnswer() {
    domains = key(new DnsAnswer.Absent());
    assertThat(findings()).singleElement().asString().startsWith("problem dkim: there is no key");

    domains = key(new DnsAnswer.Failed("timed out"));
    assertThat(findings()).singleElement().asString().startsWith("problem dns: cannot ask for");
  }

  @Test
  void spfMustCoverTheSecondaryToo() {
    domains =
        new DomainFacts(
            List.of(),
            List.of(
                sender("a", true, Verdict.PASS, "ip4:192.0.2.1"),
                sender("b", true, Verdict.FAIL, "-all of example.com")));

    assertThat(findings())
        .singleElement()
        .asString()
        .startsWith(
            "problem server b: spf: SPF of example.com does not cover 192.0.2.9: fail (-all");
  }

  @Test
  void aGuessedAddressAloneProvesNothing() {
    domains =
        new DomainFacts(
            List.of(),
            List.of(
                sender("a", true, Verdict.FAIL, "-all"), sender("b", true, Verdict.FAIL, "-all")));
    assertThat(findings()).hasSize(2).allMatch(text -> text.startsWith("advice"));

    domains = new DomainFacts(List.of(), List.of(sender("a", false, Verdict.FAIL, "-all")));
    assertThat(findings()).singleElement().asString().startsWith("problem server a: spf: ");
  }

  @Test
  void oneCoveredAddressOfAHostIsEnough() {
    domains =
        new DomainFacts(
            List.of(),
            List.of(
                sender("a", true, Verdict.PASS, "ip4"),
                sender("b", true, Verdict.FAIL, "-all"),
                sender("b", true, Verdict.PASS, "ip4")));

    assertThat(findings()).isEmpty();
  }

  @Test
  void parityOffComparesNothingAndStillSaysWhatIsBroken() {
    routeKeys = "parity: off,";
    serverB = "tls: none";
    facts.put("b", with(offering("b", without("SMTPUTF8"), 1), new Login.Refused("535 wrong")));

    assertThat(findings()).singleElement().asString().contains(": login: ");
  }

  private List<String> findings() {
    Settings settings = settings();
    return new ParityRules(settings)
        .findings(settings.routes().get("default"), facts, domains, NOW).stream()
            .map(finding ->
                finding.grade().name().toLowerCase(java.util.Locale.ROOT) + " " + finding.text())
            .toList();
  }

  private Settings settings() {
    String yaml =
        """
        servers:
          a: { host: a.example.com, tls: required }
          b: { host: b.example.com, %s }
        routes: { default: { %s primary: a, secondary: b } }
        """
            .formatted(serverB.isEmpty() ? "tls: required" : serverB, routeKeys);
    return switch (SettingsReader.read("t.yaml", yaml, Map.of())) {
      case SettingsResult.Valid valid -> valid.settings();
      case SettingsResult.Invalid invalid -> throw new AssertionError(invalid.problems());
    };
  }

  private static ServerFacts good(String id) {
    return offering(id, ALL, 50_000_000);
  }

  private static ServerFacts offering(String id, Set<String> keywords, long size) {
    Certificate certificate = certificate(id + ".example.com", NOW.plusSeconds(90 * 86_400));
    return new ServerFacts(
        id,
        List.of("192.0.2.1"),
        Optional.of(new Offer(keywords, Set.of("PLAIN"), size)),
        true,
        Optional.of(new TlsFacts("TLSv1.3", certificate, Optional.empty())),
        new Login.Accepted(),
        Optional.empty());
  }

  private static ServerFacts showing(String id, Certificate certificate, String distrust) {
    ServerFacts good = good(id);
    Optional<String> why = Optional.of(distrust).filter(text -> !text.isEmpty());
    return new ServerFacts(
        id,
        good.addresses(),
        good.offer(),
        true,
        Optional.of(new TlsFacts("TLSv1.3", certificate, why)),
        good.login(),
        Optional.empty());
  }

  private static ServerFacts with(ServerFacts facts, Login login) {
    return new ServerFacts(
        facts.server(),
        facts.addresses(),
        facts.offer(),
        facts.startTls(),
        facts.tls(),
        login,
        facts.trouble());
  }

  private static Certificate certificate(String name, Instant notAfter) {
    return new Certificate("CN=x", List.of(name), NOW.minusSeconds(1_000), notAfter);
  }

  private static Set<String> without(String keyword) {
    Set<String> rest = new HashSet<>(ALL);
    rest.remove(keyword);
    return rest;
  }

  private static DomainFacts key(DnsAnswer answer) {
    return new DomainFacts(
        List.of(new DomainFacts.Key("s._domainkey.example.com", KEY, answer)), List.of());
  }

  private static DomainFacts.Sender sender(
      String server, boolean guessed, Verdict verdict, String because) {
    return new DomainFacts.Sender(
        "example.com", server, "192.0.2.9", guessed, new SpfResult(verdict, because));
  }
}
