package io.tandemmail.torture.rig;

import io.tandemmail.torture.process.JavaProcess;
import io.tandemmail.torture.process.Jvm;
import io.tandemmail.torture.process.Ports;
import io.tandemmail.torture.proxy.Toxic;
import io.tandemmail.torture.proxy.ToxicProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A mail sink in a process of its own, behind a proxy. Its log is {@code NAME.jsonl}. */
public final class MailServer implements AutoCloseable {
  private static final int HEAP_MIB = 128;
  private static final Duration ANSWER = Duration.ofSeconds(5);

  private final String name;
  private final JavaProcess process;
  private final ToxicProxy proxy;
  private final String control;
  private final Path log;

  private MailServer(String name, JavaProcess process, ToxicProxy proxy, String control, Path log) {
    this.name = name;
    this.process = process;
    this.proxy = proxy;
    this.control = control;
    this.log = log;
  }

  /**
   * @param options of {@code tandem sink}, besides name, ports and log
   */
  public static MailServer start(Jvm jvm, Path folder, String name, List<String> options)
      throws IOException, InterruptedException {
    int port = Ports.free();
    int controlPort = Ports.free();
    Path log = folder.resolve(name + ".jsonl");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "io.tandemmail.sink.SinkMain",
                "--port",
                Integer.toString(port),
                "--http",
                Integer.toString(controlPort),
                "--name",
                name,
                "--log",
                log.toString()));
    arguments.addAll(options);
    JavaProcess process =
        JavaProcess.start(jvm, folder, JavaProcess.Program.of(name, HEAP_MIB, arguments))
            .awaitOutput("listening", Duration.ofMinutes(1));
    return new MailServer(
        name,
        process,
        ToxicProxy.start(Ports.free(), port),
        "http://127.0.0.1:" + controlPort,
        log);
  }

  public String name() {
    return name;
  }

  public Path log() {
    return log;
  }

  /** Of the proxy before it. */
  public int port() {
    return proxy.port();
  }

  /** What is wrong on the way to it. */
  public ToxicProxy way() {
    return proxy;
  }

  /**
   * @param words docs/mail-sink.md, "Misbehaviour"
   */
  public void behave(String words) throws IOException, InterruptedException {
    order("PUT", "/behaviour", words);
  }

  /** As if it had died, between two transactions of each connection. */
  public void stop() throws IOException, InterruptedException {
    order("POST", "/stop", "");
  }

  public void restart() throws IOException, InterruptedException {
    order("POST", "/restart", "");
  }

  /** As it was in the beginning. */
  public void mend() throws IOException, InterruptedException {
    proxy.set(Toxic.NONE);
    behave("normal");
    restart();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    proxy.close();
    process.close();
  }

  private void order(String method, String path, String body)
      throws IOException, InterruptedException {
    int status = Control.send(method, control + path, body, ANSWER);
    if (status != 200) {
      throw new IOException("sink " + name + " answered " + status + " to " + path + " " + body);
    }
  }
}
