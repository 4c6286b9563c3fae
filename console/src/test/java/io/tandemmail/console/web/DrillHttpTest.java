package io.tandemmail.console.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.console.drill.DrillBook;
import io.tandemmail.console.drill.DrillReportText;
import io.tandemmail.model.drill.DrillPlan;
import io.tandemmail.model.drill.DrillReport;
import io.tandemmail.model.drill.DrillReportJson;
import io.tandemmail.model.json.Json;
import io.tandemmail.model.server.Drill;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DrillHttpTest {
  private static final String JSON = "application/json";
  private static final String BROWSER =
      "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

  private final ConsoleUnderTest console = new ConsoleUnderTest();

  @AfterEach
  void stop() {
    console.close();
  }

  @Test
  void anOrderSaysWhatIsRehearsed() throws Exception {
    HttpResponse<String> answer =
        order(
            "{\"route\":\"default\",\"kind\":\"drain\",\"canaryPercent\":5,\"by\":\"ann\\u0007\"}");
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(console.drills.begun)
        .singleElement()
        .satisfies(plan -> {
          assertThat(answer.body()).contains(plan.id());
          assertThat(plan.primary()).isEqualTo("mx-a");
          assertThat(plan.kind()).isEqualTo(Drill.Kind.DRAIN);
          assertThat(plan.canaryPercent()).isEqualTo(5);
          assertThat(plan.hold()).isEqualTo(Duration.ofSeconds(10));
        });
    assertThat(console.drills.origins.getFirst().by()).isEqualTo("ann");
    assertThat(console.drills.inspections).containsExactly(DrillBook.Inspection.FROM_HERE);
    assertThat(order("{\"route\":\"default\"}").statusCode()).as("one at a time").isEqualTo(409);
  }

  @Test
  void aConsoleThatCannotLookItselfLeavesItToTheWorkers() throws Exception {
    assertThat(order("{\"route\":\"default\",\"survey\":false}").statusCode()).isEqualTo(202);
    assertThat(console.drills.inspections).containsExactly(DrillBook.Inspection.BY_WORKERS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | known: alone, default",
        "nonsense | docs/drills.md",
        "{\"route\":\"alone\"} | no secondary",
        "{\"route\":\"default\",\"kind\":\"x\"} | primary-loss",
        "{\"route\":\"default\",\"holdSeconds\":0} | holdSeconds",
        "{\"route\":\"default\",\"canaryPercent\":101} | canary",
        "{\"route\":\"default\",\"kind\":\"overload\",\"canaryPercent\":5} | leave the canary out"
      })
  void whatCannotBeIsRefusedWithTheReason(String body, String reason) throws Exception {
    HttpResponse<String> answer = order(body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains(reason);
    assertThat(console.drills.begun).isEmpty();
  }

  @Test
  void anotherSitesPageBeginsNone() throws Exception {
    HttpResponse<String> foreign =
        console.post(
            "/v1/drills",
            "{\"route\":\"default\"}",
            "content-type",
            JSON,
            "Origin",
            "https://evil.example");
    assertThat(foreign.statusCode()).isEqualTo(403);
    assertThat(
            console
                .post("/v1/drills", "{\"route\":\"default\"}", "content-type", "text/plain")
                .statusCode())
        .isEqualTo(415);
    assertThat(console.drills.begun).isEmpty();
  }

  @Test
  void reportsAreShownAsTheyStand() throws Exception {
    String report = "{\"id\":\"drill-1\",\"passed\":true}";
    console.drills.reports.put(
        "drill-1", Json.tree(report.getBytes(StandardCharsets.UTF_8)).orElseThrow());
    assertThat(console.get("/v1/drills").body()).isEqualTo("[" + report + "]");
    assertThat(console.get("/v1/drills/drill-1").body()).isEqualTo(report);
    assertThat(console.get("/v1/drills/drill-2").statusCode()).isEqualTo(404);
  }

  @Test
  void aBrowserGetsThePageThatTheCommandWrites() throws Exception {
    DrillReport report = keep("d-1", "<script>alert(1)</script>");
    HttpResponse<String> page = console.get("/v1/drills/d-1", "Accept", BROWSER);
    assertThat(page.body()).isEqualTo(DrillReportText.html(report));
    assertThat(page.body()).contains("&lt;script&gt;").doesNotContain("<script");
    assertThat(page.headers().firstValue("content-type")).contains("text/html;charset=utf-8");
    assertThat(page.headers().firstValue("vary"))
        .hasValueSatisfying(vary -> assertThat(vary).contains("Accept"));
  }

  @Test
  void ofThePageOnlyItsOwnStyleIsAllowed() throws Exception {
    keep("d-1", "none");
    HttpResponse<String> page = console.get("/v1/drills/d-1", "Accept", BROWSER);
    String style = page.body().replaceAll("(?s).*<style>(.*)</style>.*", "$1");
    String hash =
        Base64.getEncoder()
            .encodeToString(
                MessageDigest.getInstance("SHA-256")
                    .digest(style.getBytes(StandardCharsets.UTF_8)));
    assertThat(page.headers().allValues("content-security-policy"))
        .singleElement()
        .asString()
        .contains("default-src 'none'", "style-src 'sha256-" + hash + "'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*/*", "application/json", "text/html;q=0.5, application/json"})
  void programsGetJson(String accept) throws Exception {
    keep("d-1", "none");
    HttpResponse<String> answer = console.get("/v1/drills/d-1", "Accept", accept);
    assertThat(answer.headers().firstValue("content-type")).contains(JSON);
    assertThat(Json.tree(answer.body().getBytes(StandardCharsets.UTF_8))).isPresent();
  }

  @Test
  void aReportThatIsNotKnownHereIsShownAsItStands() throws Exception {
    String later = "{\"id\":\"d-2\",\"kind\":\"volcano\"}";
    console.drills.reports.put(
        "d-2", Json.tree(later.getBytes(StandardCharsets.UTF_8)).orElseThrow());
    assertThat(console.get("/v1/drills/d-2", "Accept", BROWSER).body()).isEqualTo(later);
  }

  private DrillReport keep(String id, String problem) {
    DrillPlan plan =
        new DrillPlan(id, "default", "mx-a", List.of("mx-b"), Drill.Kind.DRAIN, 100, Duration.ZERO);
    DrillReport report =
        new DrillReport(
            plan,
            new DrillReport.Origin("ann", "monthly"),
            Instant.parse("2026-11-25T10:00:00Z"),
            Instant.parse("2026-11-25T10:01:00Z"),
            List.of(problem),
            Optional.empty(),
            List.of());
    console.drills.reports.put(id, Json.tree(DrillReportJson.write(report)).orElseThrow());
    return report;
  }

  private HttpResponse<String> order(String body) throws Exception {
    return console.post("/v1/drills", body, "content-type", JSON);
  }
}
