package io.tandemmail.console.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrowserRulesTest {
  private static final BrowserRules LOOPBACK = new BrowserRules(true, "127.0.0.1");
  private static final BrowserRules ELSEWHERE = new BrowserRules(false, "0.0.0.0");
  private static final String JSON = "application/json";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:9",
        "LOCALHOST:8081",
        "127.0.0.1:8081",
        "[::1]:8081",
        "[::1]"
      })
  void loopbackIsAnsweredByItsNames(String host) {
    assertThat(refusal(LOOPBACK, "GET", Map.of("host", host))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8081",
        "127.0.0.1.evil.example",
        "localhost.evil.example:8081",
        "[::2]:8081",
        ""
      })
  void aStrangersNameThatLeadsToLoopbackIsRefused(String host) {
    assertThat(refusal(LOOPBACK, "GET", Map.of("host", host))).hasValue(421);
  }

  @Test
  void theConfiguredAddressIsANameOfLoopback() {
    assertThat(
            refusal(new BrowserRules(true, "127.0.0.9"), "GET", Map.of("host", "127.0.0.9:8081")))
        .isEmpty();
  }

  @Test
  void elsewhereTheConsoleCannotKnowItsNames() {
    assertThat(refusal(ELSEWHERE, "GET", Map.of("host", "console.example.com"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site", "nonsense"})
  void aPageOfAnotherSiteGetsNothing(String site) {
    assertThat(refusal(ELSEWHERE, "GET", Map.of("sec-fetch-site", site, "sec-fetch-mode", "cors")))
        .hasValue(403);
    assertThat(refusal(ELSEWHERE, "PUT", Map.of("sec-fetch-site", site, "content-type", JSON)))
        .hasValue(403);
    assertThat(
            refusal(
                ELSEWHERE,
                "POST",
                Map.of("sec-fetch-site", site, "sec-fetch-mode", "navigate", "content-type", JSON)))
        .hasValue(403);
  }

  @Test
  void aLinkFromElsewhereMayBeFollowed() {
    assertThat(
            refusal(
                ELSEWHERE,
                "GET",
                Map.of("sec-fetch-site", "cross-site", "sec-fetch-mode", "navigate")))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://evil.example", "null", "http://console:8082", "http://consol"})
  void withoutFetchMetadataTheOriginHasToBeTheHost(String origin) {
    assertThat(
            refusal(
                ELSEWHERE,
                "PUT",
                Map.of("host", "console:8081", "origin", origin, "content-type", JSON)))
        .hasValue(403);
  }

  @Test
  void thePageItselfMayWrite() {
    assertThat(
            refusal(
                ELSEWHERE,
                "PUT",
                Map.of(
                    "host", "Console:8081", "origin", "http://console:8081", "content-type", JSON)))
        .isEmpty();
    // Behind a proxy that sets Host anew, the browser's own word counts.
    assertThat(
            refusal(
                ELSEWHERE,
                "PUT",
                Map.of(
                    "host",
                    "10.0.0.7:8081",
                    "origin",
                    "https://console.example.com",
                    "sec-fetch-site",
                    "same-origin",
                    "content-type",
                    JSON)))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=application/json",
        "application/jsonp"
      })
  void whatAFormCanSendIsNoOrder(String type) {
    assertThat(refusal(ELSEWHERE, "PUT", Map.of("content-type", type))).hasValue(415);
  }

  @Test
  void aProgramNeedsNothingButTheContentType() {
    assertThat(
            refusal(
                LOOPBACK,
                "PUT",
                Map.of(
                    "host", "127.0.0.1:8081", "content-type", "Application/JSON; charset=utf-8")))
        .isEmpty();
  }

  private static Optional<Integer> refusal(
      BrowserRules rules, String method, Map<String, String> headers) {
    return rules
        .refuse(method, name -> Optional.ofNullable(headers.get(name)))
        .map(Refusal::status);
  }
}
