package io.tandemmail.sink.process;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tandemmail.sink.Behaviour;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.MessageLog;
import io.tandemmail.sink.ReceivedMessage;
import io.tandemmail.sink.SinkCounts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A small control port for those who test from outside. No authentication: it belongs on loopback or a test network. */
public final class SinkControl implements AutoCloseable {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int BODY_MAX = 1024;
  private static final int LIMIT_DEFAULT = 100;
  private final MailSink sink;
  private final HttpServer server;

  private record Answer(int status, byte[] body) {
    Answer(int status, String text) {
      this(status, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  private SinkControl(MailSink sink, HttpServer server) {
    this.sink = sink;
    this.server = server;
  }

  /**
   * @param port 0: any free one
   */
  public static SinkControl start(MailSink sink, int port) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(sink.address(), port), 16);
    SinkControl control = new SinkControl(sink, server);
    server.createContext("/", control::answer);
    server.start();
    return control;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer = answerTo(exchange);
      exchange.sendResponseHeaders(answer.status, answer.body.length);
      exchange.getResponseBody().write(answer.body);
    }
  }

  private Answer answerTo(HttpExchange exchange) throws IOException {
    return switch (exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath()) {
      case "GET /counts" -> new Answer(200, counts());
      case "GET /received" ->
          received(Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse(""));
      case "PUT /behaviour" -> {
        String words =
            new String(exchange.getRequestBody().readNBytes(BODY_MAX), StandardCharsets.UTF_8)
                .strip();
        Optional<Behaviour> behaviour = Behaviour.parse(words);
        behaviour.ifPresent(sink::behave);
        yield behaviour.isPresent()
            ? new Answer(200, "ok")
            : new Answer(400, "no such behaviour: see docs/mail-sink.md");
      }
      case "POST /stop" -> {
        sink.stop();
        yield new Answer(200, "stopped");
      }
      case "POST /restart" -> restart();
      default ->
          new Answer(
              404, "GET /counts, GET /received?limit=N, PUT /behaviour, POST /stop, POST /restart");
    };
  }

  private Answer restart() {
    try {
      sink.restart();
      return new Answer(200, "listening");
    } catch (IOException e) {
      return new Answer(503, "cannot listen on port " + sink.port() + ": " + e.getMessage());
    }
  }

  private String counts() {
    SinkCounts counts = sink.counts();
    return "{\"connections\":%d,\"open\":%d,\"peak\":%d,\"transactions\":%d,\"accepted\":%d,\"recipients\":%d,\"refused\":%d}"
        .formatted(
            counts.connections(),
            counts.open(),
            counts.peak(),
            counts.transactions(),
            counts.accepted(),
            counts.recipients(),
            counts.refused());
  }

  /** The last ones, oldest first. */
  private Answer received(String query) throws IOException {
    if (!query.isEmpty() && !query.matches("limit=\\d{1,9}")) {
      return new Answer(400, "/received takes limit=N and nothing else");
    }
    int limit =
        query.isEmpty() ? LIMIT_DEFAULT : Integer.parseInt(query.substring("limit=".length()));
    List<ReceivedMessage> all = sink.received();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(body)) {
      json.writeStartArray();
      for (ReceivedMessage message : all.subList(Math.max(0, all.size() - limit), all.size())) {
        MessageLog.write(json, sink.name(), message);
      }
      json.writeEndArray();
    }
    return new Answer(200, body.toByteArray());
  }
}
