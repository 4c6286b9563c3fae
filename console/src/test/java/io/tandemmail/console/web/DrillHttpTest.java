package io.tandemmail.console.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.json.Json;
import io.tandemmail.model.server.Drill;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrillHttpTest {
  private static final String JSON = "application/json";

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
    assertThat(order("{\"route\":\"default\"}").statusCode()).as("one at a time").isEqualTo(409);
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

  private HttpResponse<String> order(String body) throws Exception {
    return console.post("/v1/drills", body, "content-type", JSON);
  }
}
