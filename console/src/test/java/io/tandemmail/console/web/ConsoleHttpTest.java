package io.tandemmail.console.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.json.Json;
import io.tandemmail.model.server.ServerMode;
import io.tandemmail.runtime.lookup.MessageLookup;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleHttpTest {
  private static final String MODE = "/v1/servers/mx-a/mode";
  private static final String DRAIN =
      "{\"mode\":\"drained\",\"by\":\"ann\",\"why\":\"disk\\nfull\\u001b[31m\"}";
  private static final String[] JSON = {"content-type", "application/json"};

  private final ConsoleUnderTest console = new ConsoleUnderTest();

  @AfterEach
  void stop() {
    console.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/html",
    "/console.css, text/css",
    "/console.mjs, text/javascript",
    "/icon.svg, image/svg+xml",
    "/v1/status, application/json"
  })
  void everyAnswerLetsNothingElseRunAndCannotBeFramed(String path, String type) throws Exception {
    HttpResponse<String> answer = console.get(path);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "content-type")).startsWith(type);
    assertThat(header(answer, "content-security-policy"))
        .startsWith("default-src 'self'; ")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(header(answer, "x-content-type-options")).isEqualTo("nosniff");
    assertThat(header(answer, "access-control-allow-origin")).isEmpty();
  }

  @Test
  void thePageLoadsNothingFromElsewhereAndHasNothingInline() throws Exception {
    String page = console.get("/").body();

    assertThat(page).contains("<script type=\"module\" src=\"console.mjs\"></script>");
    assertThat(page.replace("<script type=\"module\" src=\"console.mjs\"></script>", ""))
        .doesNotContain("<script", "<style", "style=", "//")
        .doesNotContainPattern("\\son[a-z]+=");
    assertThat(console.get("/console.css").body()).doesNotContain("url(", "@import");
  }

  @Test
  void textOfOthersEntersThePageAsTextOnly() throws Exception {
    // The one address that is made of data begins with what makes it a path below the page.
    String reportOnly = "setAttribute('href', `v1/drills/${encodeURIComponent(drill)}`)";
    String script = console.get("/console.mjs").body();
    assertThat(script).containsOnlyOnce(reportOnly);
    assertThat(script.replace(reportOnly, ""))
        .doesNotContain(
            "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(")
        .doesNotContain("setAttribute('href'", ".href", ".src");
  }

  @Test
  void evidenceStaysDataInTheJson() throws Exception {
    HttpResponse<String> answer = console.get("/v1/status");

    assertThat(answer.body()).contains("\\u001B").doesNotContain("\u001b");
    assertThat(
            Json.tree(answer.body().getBytes(StandardCharsets.UTF_8))
                .orElseThrow()
                .at("/servers/0/evidence")
                .asText())
        .isEqualTo(ConsoleUnderTest.HOSTILE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"servers", "lanes", "routes", "services", "status"})
  void beforeTheFirstReadingItSaysSo(String what) throws Exception {
    console.status = Optional.empty();
    HttpResponse<String> answer = console.get("/v1/" + what);

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(header(answer, "retry-after")).isEqualTo("2");
    assertThat(console.get("/").statusCode()).isEqualTo(200);
    assertThat(console.get("/v1/history").body()).isEqualTo("[]");
  }

  @Test
  void anOrderIsGivenWithWhoAndWhyInPrintableCharacters() throws Exception {
    HttpResponse<String> answer = console.put(MODE, DRAIN, JSON);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"mode\":\"drained\"", "\"by\":\"ann\"");
    assertThat(console.orders)
        .singleElement()
        .satisfies(order -> {
          assertThat(order.server()).isEqualTo("mx-a");
          assertThat(order.mode()).isEqualTo(ServerMode.DRAINED);
          assertThat(order.by()).isEqualTo("ann");
          assertThat(order.why()).isEqualTo("disk full [31m");
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/servers/mx-z/mode | {\"mode\":\"down\"} | 404 | known: mx-a",
        "/v1/servers/mx-a/mode | {\"mode\":\"off\"} | 400 | auto|drained|down",
        "/v1/servers/mx-a/mode | [] | 400 | mode is missing",
        "/v1/servers/mx-a/mode | {\"mode\":\"down\",\"why\":\"LONG\"} | 400 | at most 100 and 500",
      })
  void aBadOrderIsRefusedWithItsReason(String path, String body, int status, String why)
      throws Exception {
    HttpResponse<String> answer = console.put(path, body.replace("LONG", "x".repeat(501)), JSON);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).contains(why);
    assertThat(console.orders).isEmpty();
  }

  @Test
  void anOrderThatIsNotDurableIsNotAcknowledged() throws Exception {
    console.kafkaTakesOrders = false;
    assertThat(console.put(MODE, DRAIN, JSON).statusCode()).isEqualTo(503);
  }

  @Test
  void aPageOfAnotherSiteGivesNoOrder() throws Exception {
    String[][] attempts = {
      {"content-type", "application/json", "sec-fetch-site", "cross-site"},
      {"content-type", "application/json", "origin", "http://evil.example"},
      {"content-type", "text/plain"},
      {"accept", "*/*"},
    };
    for (String[] headers : attempts) {
      assertThat(console.put(MODE, DRAIN, headers).statusCode())
          .as(String.join(" ", headers))
          .isIn(403, 415);
    }
    assertThat(console.get("/v1/stream", "sec-fetch-site", "cross-site").statusCode())
        .isEqualTo(403);
    assertThat(console.orders).isEmpty();
  }

  @Test
  void aNameThatOnlyLeadsHereIsNotAnswered() throws Exception {
    for (String path : new String[] {"/", "/v1/status", "/metrics"}) {
      try (Socket socket =
          console.connect(
              "GET "
                  + path
                  + " HTTP/1.1\r\nHost: evil.example:8081\r\nConnection: close\r\n\r\n")) {
        String answer =
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(answer).as(path).startsWith("HTTP/1.1 421 ").doesNotContain("mx-a", "jvm_");
      }
    }
  }

  @Test
  void aMessageIsFoundThroughTheRouters() throws Exception {
    assertThat(console.get("/v1/messages/r-1").statusCode()).isEqualTo(503);
    console.message = new MessageLookup.Unknown();
    assertThat(console.get("/v1/messages/r-1").statusCode()).isEqualTo(404);
    console.message = new MessageLookup.Found("{\"id\":\"r-1\"}".getBytes(StandardCharsets.UTF_8));
    assertThat(console.get("/v1/messages/r-1").body()).isEqualTo("{\"id\":\"r-1\"}");

    console.showsMessages = false;
    assertThat(console.get("/v1/messages/r-1").statusCode()).isEqualTo(403);
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }
}
