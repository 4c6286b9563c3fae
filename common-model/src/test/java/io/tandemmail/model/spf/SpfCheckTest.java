package io.tandemmail.model.spf;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.dns.DnsView.Type;
import io.tandemmail.model.dns.FakeDns;
import io.tandemmail.model.dns.IpAddress;
import io.tandemmail.model.spf.SpfResult.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpfCheckTest {
  private static final String D = "example.com";
  private final FakeDns dns = new FakeDns();

  @ParameterizedTest
  @CsvSource({
    "v=spf1 ip4:192.0.2.1 -all, PASS",
    "v=spf1 ip4:192.0.2.0/24 -all, PASS",
    "v=spf1 ip4:192.0.2.2 -all, FAIL",
    "v=spf1 ip4:192.0.2.2 ~all, SOFTFAIL",
    "v=spf1 ip4:192.0.2.2 ?all, NEUTRAL",
    "v=spf1 ip4:192.0.2.2, NEUTRAL",
    "v=spf1 -ip4:192.0.2.1 +all, FAIL",
    "v=spf1 ip6:2001:db8::/32 -all, FAIL",
    "V=SPF1 IP4:192.0.2.1 -ALL, PASS",
    "v=spf1 a -all, PASS",
    "v=spf1 a:other.example.com/24 -all, PASS",
    "v=spf1 a:other.example.com -all, FAIL",
    "v=spf1 mx -all, PASS",
    "v=spf1 include:good.example.com -all, PASS",
    "v=spf1 include:bad.example.com -all, FAIL",
    "v=spf1 include:bad.example.com ip4:192.0.2.1 -all, PASS",
    "v=spf1 include:none.example.com ip4:192.0.2.1 -all, PERMERROR",
    "v=spf1 redirect=good.example.com, PASS",
    "v=spf1 redirect=none.example.com, PERMERROR",
    "v=spf1 -all redirect=good.example.com, FAIL",
    "v=spf1 exists:other.example.com -all, PASS",
    "v=spf1 exists:none.example.com -all, FAIL",
    "v=spf1 ptr ip4:192.0.2.1 -all, PASS",
    "v=spf1 exp=why.example.com unknown=x ip4:192.0.2.1 -all, PASS"
  })
  void theFirstTermThatMatchesDecides(String record, Verdict verdict) {
    dns.with(Type.TXT, D, record)
        .with(Type.A, D, "192.0.2.1")
        .with(Type.A, "other.example.com", "192.0.2.9")
        .with(Type.MX, D, "mx.example.com")
        .with(Type.A, "mx.example.com", "192.0.2.1")
        .with(Type.TXT, "good.example.com", "v=spf1 ip4:192.0.2.0/28 -all")
        .with(Type.TXT, "bad.example.com", "v=spf1 -all");

    assertThat(check("192.0.2.1").verdict()).isEqualTo(verdict);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v=spf1 ip4:192.0.2 -all",
        "v=spf1 ip4 -all",
        "v=spf1 ip4:2001:db8::1 -all",
        "v=spf1 ip6:192.0.2.1 -all",
        "v=spf1 nonsense -all",
        "v=spf1 include: -all",
        "v=spf1 a/33 -all",
        "v=spf1 all:x",
        "v=spf1 redirect=a.example redirect=b.example"
      })
  void whatIsNoRecordIsAPermanentError(String record) {
    dns.with(Type.TXT, D, record);

    assertThat(check("192.0.2.1").verdict()).isEqualTo(Verdict.PERMERROR);
  }

  @Test
  void twoRecordsAreOneTooMany() {
    dns.with(Type.TXT, D, "v=spf1 ip4:192.0.2.1 -all", "v=spf1 -all", "v=spf10 other");

    assertThat(check("192.0.2.1")).hasToString("permerror (example.com has 2 SPF records)");
  }

  @Test
  void noRecordIsNoOpinion() {
    assertThat(check("192.0.2.1").verdict()).isEqualTo(Verdict.NONE);
  }

  @Test
  void aDnsThatDoesNotAnswerIsNotANo() {
    dns.with(Type.TXT, D, "v=spf1 include:slow.example.com -all")
        .failing(Type.TXT, "slow.example.com");

    assertThat(check("192.0.2.1").verdict()).isEqualTo(Verdict.TEMPERROR);
  }

  @Test
  void recordsThatIncludeEachOtherEndAfterTenLookups() {
    dns.with(Type.TXT, D, "v=spf1 include:example.com -all");

    assertThat(check("192.0.2.1").verdict()).isEqualTo(Verdict.PERMERROR);
    assertThat(dns.asked()).hasSize(11);
  }

  @Test
  void theTenthLookupCountsAndTheEleventhIsTooMuch() {
    StringBuilder ten = new StringBuilder("v=spf1");
    for (int i = 0; i < 10; i++) {
      ten.append(" a:h").append(i).append(".example.com");
      dns.with(Type.A, "h" + i + ".example.com", "192.0.2." + (100 + i));
    }
    dns.with(Type.TXT, D, ten + " -all");
    assertThat(check("192.0.2.109").verdict()).isEqualTo(Verdict.PASS);

    dns.with(Type.TXT, D, ten + " mx -all");
    assertThat(check("192.0.2.1").verdict()).isEqualTo(Verdict.PERMERROR);
  }

  @Test
  void threeLookupsThatFindNothingAreTooMany() {
    dns.with(Type.TXT, D, "v=spf1 a:x.example a:y.example ip4:192.0.2.1 -all");
    assertThat(check("192.0.2.1").verdict()).isEqualTo(Verdict.PASS);

    dns.with(Type.TXT, D, "v=spf1 a:x.example a:y.example a:z.example ip4:192.0.2.1 -all");
    assertThat(check("192.0.2.1").verdict()).isEqualTo(Verdict.PERMERROR);
  }

  @Test
  void aMacroIsNotGuessed() {
    dns.with(Type.TXT, D, "v=spf1 ip4:192.0.2.1 exists:%{i}._spf.example.com -all");

    assertThat(check("192.0.2.1").verdict()).isEqualTo(Verdict.PASS);
    assertThat(check("192.0.2.2").verdict()).isEqualTo(Verdict.UNCERTAIN);
  }

  @Test
  void ipVersionSixIsAskedAsSuch() {
    dns.with(Type.TXT, D, "v=spf1 a//64 -all").with(Type.AAAA, D, "2001:db8::1");

    assertThat(check("2001:db8::ffff").verdict()).isEqualTo(Verdict.PASS);
    assertThat(check("2001:db8:0:1::1").verdict()).isEqualTo(Verdict.FAIL);
  }

  private SpfResult check(String address) {
    return SpfCheck.of(D, IpAddress.parse(address).orElseThrow(), dns);
  }
}
