package io.tandemmail.e2e;

import static org.awaitility.Awaitility.await;

import io.tandemmail.torture.process.JavaProcess;
import io.tandemmail.torture.process.Jvm;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * {@code tandem} in a process of its own: of the distribution where the build names it, which has a start cache, else from
 * the classes under test.
 */
public final class TandemProcess implements AutoCloseable {
  /** Also for brokers. */
  static final Jvm JVM =
      Optional.ofNullable(System.getProperty("tandem.distribution"))
          .map(folder -> Jvm.ofDistribution(Path.of(folder)))
          .orElseGet(() ->
              Jvm.of(
                  System.getProperty(
                      "surefire.test.class.path", System.getProperty("java.class.path"))));

  private static final int HEAP_MIB = 384;

  private final JavaProcess process;

  private TandemProcess(JavaProcess process) {
    this.process = process;
  }

  /** {@code tandem} with these arguments. */
  public static TandemProcess tandem(Path folder, String name, String... arguments)
      throws IOException {
    return start(JVM, folder, name, Redirect.PIPE, arguments);
  }

  /** The same in a JVM with other flags than {@link #JVM}. */
  static TandemProcess tandem(Jvm jvm, Path folder, String name, String... arguments)
      throws IOException {
    return start(jvm, folder, name, Redirect.PIPE, arguments);
  }

  /** The same, with a file as its standard input. */
  static TandemProcess tandemReading(Path input, Path folder, String name, String... arguments)
      throws IOException {
    return start(JVM, folder, name, Redirect.from(input.toFile()), arguments);
  }

  private static TandemProcess start(
      Jvm jvm, Path folder, String name, Redirect input, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of("io.tandemmail.standalone.Main"));
    all.addAll(Arrays.asList(arguments));
    return new TandemProcess(
        JavaProcess.start(jvm, folder, new JavaProcess.Program(name, HEAP_MIB, all, input)));
  }

  /** {@code tandem topics apply}, again until the brokers are there. */
  static void applyTopics(Path folder, String config, Duration within) {
    await()
        .atMost(within)
        .ignoreExceptions()
        .until(() -> {
          try (TandemProcess apply =
              tandem(folder, "topics", "topics", "apply", "--config", config)) {
            return apply.exitCode(within) == 0;
          }
        });
  }

  public TandemProcess awaitOutput(String text, Duration within) throws IOException {
    try {
      process.awaitOutput(text, within);
      return this;
    } catch (JavaProcess.Failed e) {
      throw new AssertionError(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("while waiting for '" + text + "'");
    }
  }

  public String output() throws IOException {
    return process.output();
  }

  /** kill -9. */
  void kill() throws InterruptedException {
    process.kill();
  }

  /** SIGTERM, and the exit code. */
  int terminate() throws InterruptedException {
    try {
      return process.terminate();
    } catch (IOException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  int exitCode(Duration within) throws InterruptedException {
    try {
      return process.exitCode(within);
    } catch (IOException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
