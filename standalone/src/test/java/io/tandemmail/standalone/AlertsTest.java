package io.tandemmail.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An alert on a metric that nobody publishes never fires, and nobody notices. */
class AlertsTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern METRIC = Pattern.compile("\\btandem_[a-z_]+");

  @Test
  void everyMetricThatAlertsNameIsInTheContract() throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.list(ROOT.resolve("deploy/alerts"))) {
      files = found.toList();
    }
    Set<String> named = new TreeSet<>();
    for (Path file : files) {
      named.addAll(metrics(file));
    }
    assertThat(named).hasSizeGreaterThan(6);
    assertThat(metrics(ROOT.resolve("docs/contract.md"))).containsAll(named);
  }

  private static Set<String> metrics(Path file) throws IOException {
    Set<String> found = new TreeSet<>();
    Matcher matcher = METRIC.matcher(Files.readString(file));
    while (matcher.find()) {
      found.add(matcher.group());
    }
    return found;
  }
}
