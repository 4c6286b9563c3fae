package io.tandemmail.torture.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A program of ours in a JVM of its own, so that it can really be killed. */
public final class JavaProcess implements AutoCloseable {
  private static final long POLL_MILLIS = 50;
  private static final Duration END = Duration.ofMinutes(1);
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    // Who ends a run by ctrl-C or SIGTERM is not left with a cluster that goes on without it.
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "end-programs"));
  }

  private final String name;
  private final Process process;
  private final Path log;
  private final long logStart;

  private JavaProcess(String name, Process process, Path log, long logStart) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.logStart = logStart;
    RUNNING.add(process);
  }

  /** It did not do what was waited for; the message has the end of its output. */
  public static final class Failed extends IOException {
    private static final long serialVersionUID = 1;

    Failed(String message) {
      super(message);
    }
  }

  /**
   * What to start.
   *
   * @param name of the log file, which is appended to
   * @param input {@link Redirect#PIPE}, or a file
   */
  public record Program(String name, int heapMib, List<String> mainAndArguments, Redirect input) {
    public Program {
      mainAndArguments = List.copyOf(mainAndArguments);
    }

    public static Program of(String name, int heapMib, List<String> mainAndArguments) {
      return new Program(name, heapMib, mainAndArguments, Redirect.PIPE);
    }
  }

  /**
   * @param folder where it runs, and where its log is
   */
  public static JavaProcess start(Jvm jvm, Path folder, Program program) throws IOException {
    Path log = folder.resolve(program.name() + ".log");
    long logStart = Files.exists(log) ? Files.size(log) : 0;
    ProcessBuilder builder =
        new ProcessBuilder(jvm.command(program.heapMib(), program.mainAndArguments()))
            .directory(folder.toFile())
            .redirectInput(program.input())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()));
    if (jvm.clocks().isPresent()) {
      builder.environment().putAll(jvm.clocks().get().environment(program.name()));
    }
    return new JavaProcess(program.name(), builder.start(), log, logStart);
  }

  public String name() {
    return name;
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** When it is not said the process is ended: who was waiting for it does not get hold of it. */
  public JavaProcess awaitOutput(String text, Duration within)
      throws IOException, InterruptedException {
    long deadlineNanos = System.nanoTime() + within.toNanos();
    while (!output().contains(text)) {
      if (!process.isAlive() && !output().contains(text)) {
        throw new Failed(name + " ended without saying '" + text + "':\n" + output());
      }
      if (System.nanoTime() > deadlineNanos) {
        kill();
        throw new Failed(name + " did not say '" + text + "' within " + within + ":\n" + output());
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    return this;
  }

  /** What it has said since it was started. */
  public String output() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      file.seek(Math.min(logStart, file.length()));
      byte[] bytes = new byte[(int) Math.min(file.length() - file.getFilePointer(), 4 << 20)];
      file.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /** kill -9. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
    RUNNING.remove(process);
  }

  /** SIGSTOP: it lives, its connections stay, and it does nothing. */
  public void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** SIGCONT. */
  public void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  /** SIGTERM, and the exit code. */
  public int terminate() throws IOException, InterruptedException {
    process.destroy();
    return exitCode(END);
  }

  public int exitCode(Duration within) throws IOException, InterruptedException {
    if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new Failed(name + " still runs after " + within);
    }
    RUNNING.remove(process);
    return process.exitValue();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }

  private void signal(String signal) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).inheritIO().start();
    if (kill.waitFor() != 0) {
      throw new Failed(name + " got no SIG" + signal + ": it has ended");
    }
  }
}
