package io.tandemmail.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;

/** A program of ours in a JVM of its own, so that it can really be killed. */
public final class TandemProcess implements AutoCloseable {
  private final Process process;
  private final Path log;

  private TandemProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** {@code tandem} with these arguments. */
  public static TandemProcess tandem(Path folder, String name, String... arguments)
      throws IOException {
    return java(folder, name, main(arguments));
  }

  /** The same, with a file as its standard input. */
  static TandemProcess tandemReading(Path input, Path folder, String name, String... arguments)
      throws IOException {
    return start(folder, name, main(arguments), Redirect.from(input.toFile()));
  }

  static TandemProcess java(Path folder, String name, List<String> mainAndArguments)
      throws IOException {
    return start(folder, name, mainAndArguments, Redirect.PIPE);
  }

  private static List<String> main(String... arguments) {
    List<String> all = new ArrayList<>(List.of("io.tandemmail.standalone.Main"));
    all.addAll(Arrays.asList(arguments));
    return all;
  }

  private static TandemProcess start(
      Path folder, String name, List<String> mainAndArguments, Redirect input) throws IOException {
    Path log = folder.resolve(name + ".log");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path"))));
    command.addAll(mainAndArguments);
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(input)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()))
            .start();
    return new TandemProcess(process, log);
  }

  public TandemProcess awaitOutput(String text, Duration within) throws IOException {
    try {
      await(text)
          .atMost(within)
          .pollInterval(Duration.ofMillis(100))
          .until(() -> output().contains(text) || !process.isAlive());
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("did not say '" + text + "' within " + within + ":\n" + output(), e);
    }
    if (!output().contains(text)) {
      throw new AssertionError("ended without saying '" + text + "':\n" + output());
    }
    return this;
  }

  public String output() throws IOException {
    return Files.readString(log);
  }

  /** kill -9. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** SIGTERM, and the exit code. */
  int terminate() throws InterruptedException {
    process.destroy();
    return exitCode(Duration.ofSeconds(60));
  }

  int exitCode(Duration within) throws InterruptedException {
    if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("still running after " + within);
    }
    return process.exitValue();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
