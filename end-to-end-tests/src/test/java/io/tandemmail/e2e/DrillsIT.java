package io.tandemmail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandemmail.model.json.Json;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One running system with a route for each thing that is wrong: a drill names it and moves nothing. On the route where nothing
 * is wrong it begins, and passes.
 */
class DrillsIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration LONG = Duration.ofMinutes(3);

  @TempDir static Path folder;
  private static FaultyRoutes system;

  @BeforeAll
  static void start() throws Exception {
    system = FaultyRoutes.start(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    if (system != null) {
      system.close();
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "password | server wrong-password: login: the login was refused: 535",
        "expired | server expired: certificate: the certificate expired at 20",
        "name | server other-name: certificate: the certificate is not valid for 127.0.0.1 but for mx.example.org",
        "dkim | dkim: there is no key record missing._domainkey.example.com, so no signature counts"
      })
  void aSeededFaultIsNamedAndNothingIsMoved(String route, String fault) throws Exception {
    FaultyRoutes.Standing before = system.standing();

    try (TandemProcess command = system.drill(route, "--kind", "primary-loss")) {
      assertThat(command.exitCode(LONG)).as(command.output()).isEqualTo(1);
      assertThat(command.output()).contains("not begun, nothing was moved", fault);
      assertThat(command.output().split("\n"))
          .filteredOn(line -> line.startsWith("problem ") && !line.contains("is in service"))
          .as("this one fault, said once")
          .hasSize(1);
    }

    assertThat(system.standing()).isEqualTo(before);
  }

  @Test
  void aFaultThatTheWorkersHaveNotSeenYetIsFoundWhenTheConsoleIsAsked() throws Exception {
    FaultyRoutes.Standing before = system.standing();
    system.hideKeyRecord();
    try {
      String id = system.orderDrill("healthy");
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(report(id).path("problems")).isNotEmpty());
      assertThat(report(id).path("problems").toString())
          .contains("there is no key record published._domainkey.example.com");
      assertThat(report(id).has("figures")).isFalse();
    } finally {
      system.publishKeyRecord();
    }
    assertThat(system.standing()).isEqualTo(before);
  }

  @Test
  void anOverloadShedsAShareTakesItBackAndIsReportedThreeTimesAlike() throws Exception {
    long orders = system.standing().orders();
    Path page = folder.resolve("report.html");
    String printed;
    try (AutoCloseable mail = system.feed();
        TandemProcess command =
            system.drill(
                "healthy",
                "--kind",
                "overload",
                "--hold",
                "1",
                "--why",
                "<b>monthly</b>",
                "--html",
                page.toString())) {
      int code = command.exitCode(LONG);
      printed = command.output();
      assertThat(code).as(printed).isZero();
    }

    assertThat(system.standing().orders()).as("begin and end").isEqualTo(orders + 2);
    Matcher head = Pattern.compile("(?m)^drill +(drill-\\w+), passed$").matcher(printed);
    assertThat(head.find()).as(printed).isTrue();
    String id = head.group(1);
    await().atMost(SOON).until(() -> system.console("/v1/drills/" + id).statusCode() == 200);
    JsonNode report = report(id);
    assertThat(report.path("passed").asBoolean()).isTrue();
    JsonNode figures = report.path("figures");
    assertThat(figures.path("evidence").asText()).isEqualTo("overload rehearsed by " + id);
    assertThat(figures.path("leastShare").asInt()).isBetween(10, 60);
    assertThat(figures.path("deliveredBy").path("a").asInt()).as("it keeps a part").isPositive();
    assertThat(figures.path("deliveredBy").path("ok").asInt()).isPositive();
    assertThat(figures.path("duplicates").asInt()).isZero();
    assertThat(figures.path("unfinished").asInt()).isZero();
    assertThat(printed)
        .contains("overload of a on route healthy, 100 % of its mail", "<b>monthly</b>")
        .containsPattern("least share of the primary +" + figures.path("leastShare").asInt() + " %")
        .containsPattern(
            "primary restored after +" + figures.path("restoredMillis").asInt() + " ms")
        .containsPattern(
            "delivered by ok +" + figures.path("deliveredBy").path("ok").asInt() + "\\R");
    assertThat(Files.readString(page))
        .contains("&lt;b&gt;monthly&lt;/b&gt;", figures.path("restoredMillis").asInt() + " ms")
        .doesNotContain("<b>");
    HttpResponse<String> shown = system.console("/v1/drills/" + id, "Accept", "text/html");
    assertThat(shown.headers().firstValue("content-type")).contains("text/html;charset=utf-8");
    assertThat(shown.body()).isEqualTo(Files.readString(page));

    system.awaitArrivalOfAllAccepted();
  }

  private JsonNode report(String id) throws Exception {
    return Json.tree(system.console("/v1/drills/" + id).body().getBytes(StandardCharsets.UTF_8))
        .orElseGet(() -> Json.tree(Json.object(json -> {})).orElseThrow());
  }
}
