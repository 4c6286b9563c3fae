package io.tandemmail.torture.postfix;

import io.tandemmail.bench.PostfixRelay;
import io.tandemmail.torture.rig.Rig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** One Postfix of its own, with the secondary as its fallback, that can be killed with all its processes and started again. */
final class Relay implements AutoCloseable {
  private final String name;
  private final Path folder;
  private final int port;
  private final PostfixRelay postfix;

  private Relay(String name, Path folder, int port, PostfixRelay postfix) {
    this.name = name;
    this.folder = folder;
    this.port = port;
    this.postfix = postfix;
  }

  /** Waits and retries as short as Tandem's in the same run, else the two would not be compared but their defaults. */
  static Relay start(Path parent, String name, int port, int primary, int secondary)
      throws IOException, InterruptedException {
    Path folder = Files.createDirectories(parent.resolve(name));
    String settings =
        """
        smtp_fallback_relay = [127.0.0.1]:%d
        smtp_helo_name = %s
        queue_run_delay = 2s
        minimal_backoff_time = 2s
        maximal_backoff_time = 10s
        smtp_connect_timeout = 5s
        smtp_helo_timeout = 20s
        smtp_mail_timeout = 20s
        smtp_rcpt_timeout = 20s
        smtp_data_init_timeout = 20s
        smtp_data_done_timeout = 20s
        smtp_destination_concurrency_limit = 12
        notify_classes =
        smtpd_client_message_rate_limit = 0
        """
            .formatted(secondary, Rig.client(name));
    return new Relay(name, folder, port, PostfixRelay.start(folder, port, primary, settings));
  }

  String name() {
    return name;
  }

  int port() {
    return port;
  }

  /** kill -9 of its master and every process below it. */
  void kill() throws IOException, InterruptedException {
    for (ProcessHandle process : processes()) {
      process.destroyForcibly();
      process.onExit().join();
    }
  }

  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  void startAgain() throws IOException, InterruptedException {
    postfix.startAgain();
  }

  /** Messages in its queue. */
  long queued() throws IOException {
    long count = 0;
    for (String queue : List.of("maildrop", "incoming", "active", "deferred", "hold")) {
      try (Stream<Path> files = Files.walk(folder.resolve("queue").resolve(queue))) {
        count += files.filter(Files::isRegularFile).count();
      } catch (java.io.UncheckedIOException moved) {
        count++;
      }
    }
    return count;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    postfix.close();
  }

  private void signal(String signal) throws IOException, InterruptedException {
    for (ProcessHandle process : processes()) {
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    }
  }

  /** The master first, so that it starts no others meanwhile. */
  private List<ProcessHandle> processes() throws IOException {
    long pid =
        Long.parseLong(
            Files.readString(folder.resolve("queue").resolve("pid").resolve("master.pid")).strip());
    return ProcessHandle.of(pid)
        .map(master -> Stream.concat(Stream.of(master), master.descendants()).toList())
        .orElse(List.of());
  }
}
