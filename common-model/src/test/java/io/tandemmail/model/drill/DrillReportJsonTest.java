package io.tandemmail.model.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandemmail.model.json.Json;
import io.tandemmail.model.server.Drill;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DrillReportJsonTest {
  private static final Instant AT = Instant.parse("2026-11-25T10:00:00Z");
  private static final DrillFigures FIGURES =
      new DrillFigures(
          Optional.of(Duration.ofMillis(812)),
          "5 faults",
          Optional.of(Duration.ofMillis(1_044)),
          Optional.empty(),
          Optional.of(Duration.ofMillis(41_000)),
          Optional.of(Duration.ofMillis(12_000)),
          1_200,
          Map.of("a", 700L, "b", 500L),
          31,
          10,
          1,
          2,
          3);

  @Test
  void aReportIsReadAsItWasWritten() {
    DrillReport moved = report(List.of(), Optional.of(FIGURES), List.of("2 recipients twice"));
    DrillReport refused = report(List.of("535 no"), Optional.empty(), List.of());

    assertThat(DrillReportJson.read(tree(moved))).contains(moved);
    assertThat(DrillReportJson.read(tree(refused))).contains(refused);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"kind\":\"volcano\",\"secondaries\":[\"b\"],\"canaryPercent\":100,\"startedAt\":\"2026-11-25T10:00:00Z\",\"endedAt\":\"2026-11-25T10:00:00Z\"}",
        "{\"kind\":\"drain\",\"secondaries\":[],\"canaryPercent\":100,\"startedAt\":\"2026-11-25T10:00:00Z\",\"endedAt\":\"2026-11-25T10:00:00Z\"}",
        "{\"kind\":\"drain\",\"secondaries\":[\"b\"],\"canaryPercent\":0,\"startedAt\":\"2026-11-25T10:00:00Z\",\"endedAt\":\"2026-11-25T10:00:00Z\"}",
        "{\"kind\":\"drain\",\"secondaries\":[\"b\"],\"canaryPercent\":100,\"startedAt\":\"today\",\"endedAt\":\"2026-11-25T10:00:00Z\"}"
      })
  void whatIsNoReportIsNone(String json) {
    JsonNode tree = Json.tree(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    assertThat(DrillReportJson.read(tree)).isEmpty();
  }

  private static JsonNode tree(DrillReport report) {
    return Json.tree(DrillReportJson.write(report)).orElseThrow();
  }

  private static DrillReport report(
      List<String> problems, Optional<DrillFigures> figures, List<String> missed) {
    DrillPlan plan =
        new DrillPlan(
            "d-1", "default", "a", List.of("b", "c"), Drill.Kind.DRAIN, 30, Duration.ZERO);
    return new DrillReport(
        plan,
        new DrillReport.Origin("ann", "monthly"),
        AT,
        AT.plusSeconds(60),
        problems,
        figures,
        missed);
  }
}
