package io.tandemmail.standalone.whatif.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandemmail.model.json.Json;
import io.tandemmail.model.wire.Topics.Lane;
import io.tandemmail.standalone.whatif.Figures;
import io.tandemmail.standalone.whatif.Figures.LaneFigures;
import io.tandemmail.standalone.whatif.Figures.ServerFigures;
import io.tandemmail.standalone.whatif.ServerCap;
import io.tandemmail.standalone.whatif.Traffic.Delivered;
import io.tandemmail.standalone.whatif.Window;
import io.tandemmail.standalone.whatif.report.Comparison.Load;
import io.tandemmail.standalone.whatif.report.Comparison.Replayed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final Window WINDOW = new Window(Instant.parse("2026-11-24T10:00:00Z"), 3600);
  private static final Instant LARGEST = Instant.parse("2026-11-24T10:01:40Z");
  private final Comparison comparison = comparison();

  @Test
  void proposedRunningAndReallyStandSideBySideAndWhatIsMissingIsADash() {
    assertThat(ComparisonTable.text(comparison).lines().map(line -> line.replaceAll(" +", " ")))
        .contains(
            "100 messages accepted, at most 9 in one second; 3 second and later attempts (not replayed)",
            "default a - 80 80.0% 75 75.0%",
            "default b - 20 20.0% 25 25.0%",
            "default c 70 100.0% - 0 0.0%",
            "c max-rate = 5.0/s 199 9 180% 500 2026-11-24T10:01:40Z not in the window 100",
            "default: 30 messages would still wait for c at the end",
            "default: 4 messages would have come while no server was in service",
            "go?ne: 6 messages would have been REFUSED: no such route",
            "note: c is new");
  }

  @Test
  void machinesGetTheSame() {
    JsonNode json =
        Json.tree(ComparisonJson.text(comparison).getBytes(StandardCharsets.UTF_8)).orElseThrow();

    assertThat(json.path("to").asText()).isEqualTo("2026-11-24T11:00:00Z");
    JsonNode server = json.path("proposed").path("servers").path(0);
    assertThat(server.path("largestBacklog").asInt()).isEqualTo(500);
    assertThat(server.path("largestAt").asText()).isEqualTo("2026-11-24T10:01:40Z");
    assertThat(server.path("drainedAt").isNull()).isTrue();
    assertThat(server.path("peakPercentOfCap").asDouble()).isEqualTo(180);
    assertThat(json.path("proposed").path("refused").path("go\nne").asInt()).isEqualTo(6);
    assertThat(json.path("running").path("lanes").path(1).path("sharePercent").asDouble())
        .isEqualTo(20);
    assertThat(json.path("really").path(0).path("sharePercent").asDouble()).isEqualTo(75);
    assertThat(json.path("really").path(0).path("longestWaitSeconds").asDouble()).isEqualTo(1.5);
  }

  @Test
  void notesSayWhatWasNotRecorded() {
    assertThat(
            new Notes(WINDOW)
                .reach(Optional.of(Instant.parse("2026-11-24T10:30:00Z")))
                .assumed(0.1, Map.of("a", 0.25))
                .all())
        .containsExactly(
            "outcomes begin at 2026-11-24T10:30:00Z: before that there was no mail, or they are not"
                + " kept so long",
            "a connection is taken to be busy with one message for a: 0.25 s, others: 0.1 s");
    assertThat(new Notes(WINDOW).reach(Optional.of(WINDOW.from().plusSeconds(60))).all()).isEmpty();
    assertThat(new Notes(WINDOW).reach(Optional.empty()).all()).hasSize(1);
  }

  private static Comparison comparison() {
    SortedMap<Lane, Delivered> really =
        new TreeMap<>(Comparator.comparing(Lane::route).thenComparing(Lane::server));
    really.put(new Lane("default", "a"), new Delivered(75, Duration.ofMillis(1500)));
    really.put(new Lane("default", "b"), new Delivered(25, Duration.ZERO));
    Figures running =
        new Figures(
            List.of(
                new LaneFigures("default", "a", "primary", 80, 0, 0, 80, 80, 0),
                new LaneFigures("default", "b", "secondary", 20, 0, 0, 20, 20, 0)),
            List.of(),
            new TreeMap<>(),
            new TreeMap<>());
    Figures proposed =
        new Figures(
            List.of(new LaneFigures("default", "c", "primary", 100, 0, 0, 70, 100, 30)),
            List.of(
                new ServerFigures(
                    "c",
                    new ServerCap("max-rate", 5),
                    199,
                    Optional.of(WINDOW.from()),
                    9,
                    500,
                    Optional.of(LARGEST),
                    Optional.empty(),
                    100,
                    95)),
            new TreeMap<>(Map.of("go\nne", 6L)),
            new TreeMap<>(Map.of("default", 4L)));
    return new Comparison(
        WINDOW,
        new Load(100, 9, 3),
        new Replayed("new.yaml", "abc", proposed),
        new Replayed("tandem.yaml", "def", running),
        really,
        List.of("c is new"));
  }
}
