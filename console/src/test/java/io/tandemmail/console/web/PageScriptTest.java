package io.tandemmail.console.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Runs the page's own tests, {@code src/test/js}, where there is a Node that has a test runner (20 or later). */
class PageScriptTest {
  @Test
  void thePageDoesWhatItsOwnTestsSay() throws Exception {
    assumeTrue(hasNode(), "no node 20 or later on the PATH");

    Process node =
        new ProcessBuilder("node", "--test", "--test-reporter=spec", "console.test.mjs")
            .directory(Path.of("src/test/js").toFile())
            .redirectErrorStream(true)
            .start();
    String report = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(node.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(node.exitValue()).as(report).isZero();
    assertThat(report).contains("fail 0").doesNotContain("tests 0");
  }

  private static boolean hasNode() throws InterruptedException {
    try {
      Process node = new ProcessBuilder("node", "--version").start();
      String version = new String(node.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return node.waitFor() == 0 && Integer.parseInt(version.substring(1).split("\\.", 2)[0]) >= 20;
    } catch (IOException none) {
      return false;
    }
  }
}
