package io.tandemmail.sink;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** The sink as a process, with a small control port for those who test from outside. */
public final class SinkMain {
  private final MailSink sink;

  private SinkMain(MailSink sink) {
    this.sink = sink;
  }

  /**
   * Runs until the process is told to end.
   *
   * @param controlPort 0 for none
   */
  public static void run(SinkConfig config, Behaviour behaviour, Duration latency, int controlPort)
      throws IOException, InterruptedException {
    MailSink sink = MailSink.start(config);
    sink.behave(behaviour);
    sink.setLatency(latency);
    if (controlPort > 0) {
      HttpServer control =
          HttpServer.create(new InetSocketAddress(config.address(), controlPort), 16);
      control.createContext("/", new SinkMain(sink)::control);
      control.start();
    }
    System.out.println(
        "sink " + config.name() + " listening on " + config.address() + ":" + sink.port());
    Runtime.getRuntime().addShutdownHook(new Thread(sink::close));
    new CountDownLatch(1).await();
  }

  private void control(HttpExchange exchange) throws IOException {
    String call = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
    String body =
        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      switch (call) {
        case "GET /counts" -> answer(exchange, 200, counts());
        case "PUT /behaviour" -> {
          Optional<Behaviour> behaviour = Behaviour.parse(body);
          behaviour.ifPresent(sink::behave);
          answer(
              exchange,
              behaviour.isPresent() ? 200 : 400,
              behaviour.isPresent() ? "ok\n" : "no such behaviour\n");
        }
        case "POST /stop" -> {
          sink.stop();
          answer(exchange, 200, "stopped\n");
        }
        case "POST /restart" -> {
          sink.restart();
          answer(exchange, 200, "listening\n");
        }
        default ->
            answer(exchange, 404, "GET /counts, PUT /behaviour, POST /stop, POST /restart\n");
      }
    } finally {
      exchange.close();
    }
  }

  private String counts() {
    SinkCounts counts = sink.counts();
    return "{\"connections\":%d,\"open\":%d,\"accepted\":%d,\"recipients\":%d,\"refused\":%d}%n"
        .formatted(
            counts.connections(),
            counts.open(),
            counts.accepted(),
            counts.recipients(),
            counts.refused());
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
