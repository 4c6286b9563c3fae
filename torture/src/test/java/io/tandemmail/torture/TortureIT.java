package io.tandemmail.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.torture.plan.FaultKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * The short run: I1, I2 and I3 under the twelve faults that matter most. Takes minutes, so it runs where CI says so, or with
 * {@code -Dtandem.torture=true}.
 */
class TortureIT {
  private static final int MESSAGES = 50_000;
  private static final int FAULTS = 12;
  private static final int PER_SECOND = 150;
  private static final long SEED = 1;
  private static final Path REPORT = Path.of("target", "torture.json");

  @TempDir Path folder;

  static boolean isWanted() {
    return "true".equals(System.getenv("CI")) || Boolean.getBoolean("tandem.torture");
  }

  @Test
  @EnabledIf("isWanted")
  void nothingIsLostAndEverySecondCopyIsExplained() throws Exception {
    TortureOptions options =
        new TortureOptions(
            Integer.getInteger("tandem.torture.messages", MESSAGES),
            FAULTS,
            Long.getLong("tandem.torture.seed", SEED),
            PER_SECOND,
            List.of(FaultKind.values()),
            Optional.of(REPORT),
            Optional.of(folder),
            Duration.ofMinutes(3),
            Path.of("..", "standalone", "target"));

    TortureReport report = new TortureRun(options, folder, System.out::println).run();

    Files.write(REPORT, report.json());
    report.table().forEach(System.out::println);
    assertThat(report.holds()).as(String.join("\n", report.table())).isTrue();
  }
}
