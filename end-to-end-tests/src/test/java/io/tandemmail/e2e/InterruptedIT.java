package io.tandemmail.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A demo that is told to end in the middle closes its broker and leaves no data behind. */
class InterruptedIT {
  private static final Duration START = Duration.ofSeconds(120);

  @TempDir Path folder;

  @Test
  void anInterruptedDemoLeavesNothingBehind() throws Exception {
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    try (TandemProcess demo =
        TandemProcess.tandem(
            TandemProcess.JVM.with("-Djava.io.tmpdir=" + temporary),
            folder,
            "demo",
            "demo",
            "--messages",
            "100000")) {
      demo.awaitOutput("Ready. Feeding", START);
      assertThat(demosIn(temporary)).isOne();

      demo.terminate();

      assertThat(demosIn(temporary)).isZero();
      assertThat(demo.output()).doesNotContain("Exception");
    }
  }

  private static long demosIn(Path temporary) throws Exception {
    try (Stream<Path> all = Files.list(temporary)) {
      return all.filter(it -> it.getFileName().toString().startsWith("tandem-demo-")).count();
    }
  }
}
