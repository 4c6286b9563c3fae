package io.tandemmail.torture.rig;

import io.tandemmail.torture.process.JavaProcess;
import io.tandemmail.torture.process.Jvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One service of Tandem that dies and comes back under the same name and at the same address. */
public final class Service implements AutoCloseable {
  private final Jvm jvm;
  private final Path folder;
  private final JavaProcess.Program program;
  private final int port;
  private @Nullable JavaProcess process;
  private boolean wanted;
  private int collapses;

  Service(Jvm jvm, Path folder, JavaProcess.Program program, int port) {
    this.jvm = jvm;
    this.folder = folder;
    this.program = program;
    this.port = port;
  }

  public String name() {
    return program.name();
  }

  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /** How often it ended though nobody had told it to. */
  public synchronized int collapses() {
    return collapses;
  }

  public synchronized void start() throws IOException {
    wanted = true;
    if (process == null || !process.isAlive()) {
      process = JavaProcess.start(jvm, folder, program);
    }
  }

  /** As whoever supervises services would: one that ended by itself is started again. */
  synchronized void supervise() throws IOException {
    if (wanted && process != null && !process.isAlive()) {
      collapses++;
      start();
    }
  }

  public synchronized void kill() throws InterruptedException {
    wanted = false;
    if (process != null) {
      process.kill();
    }
  }

  /** SIGTERM; returns when it has ended. */
  public synchronized void terminate() throws IOException, InterruptedException {
    wanted = false;
    if (process != null) {
      process.terminate();
    }
  }

  public synchronized void pause() throws IOException, InterruptedException {
    if (process != null) {
      process.pause();
    }
  }

  public synchronized void resume() throws IOException, InterruptedException {
    if (process != null) {
      process.resume();
    }
  }

  /** False when it did not become ready. */
  public boolean awaitReady(Duration within) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + within.toNanos();
    while (!Control.isReady(url())) {
      if (System.nanoTime() > deadlineNanos) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return true;
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
