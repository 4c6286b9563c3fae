package io.tandemmail.console.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.drill.DrillPlan;
import io.tandemmail.model.drill.DrillReport;
import io.tandemmail.model.server.Drill;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DrillReportTextTest {
  private static final Instant AT = Instant.parse("2026-11-25T10:00:00Z");

  @Test
  void aDrillThatWasNotBegunSaysWhyAndThatNothingWasMoved() {
    String text = DrillReportText.text(refused("mx-b: 535 5.7.8 \u001b[31mno"));
    assertThat(text)
        .contains("not begun, nothing was moved")
        .contains("problem                      mx-b: 535 5.7.8 ?[31mno");
  }

  @Test
  void serversTextIsTextInThePage() {
    assertThat(DrillReportText.html(refused("<script>alert(1)</script> & \"x\"")))
        .contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot;")
        .doesNotContain("<script>");
  }

  private static DrillReport refused(String problem) {
    DrillPlan plan =
        new DrillPlan(
            "d-1", "default", "mx-a", List.of("mx-b"), Drill.Kind.DRAIN, 100, Duration.ZERO);
    return new DrillReport(
        plan,
        new DrillReport.Origin("ann", ""),
        AT,
        AT,
        List.of(problem),
        Optional.empty(),
        List.of());
  }
}
