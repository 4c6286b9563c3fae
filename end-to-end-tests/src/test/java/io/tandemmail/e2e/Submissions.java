package io.tandemmail.e2e;

import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.KafkaClients;
import io.tandemmail.torture.process.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Ways in, as users have them. The key in the message lets a sink recognise it. */
public final class Submissions {
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private Submissions() {}

  static String json(String id) {
    return "{\"id\":\""
        + id
        + "\",\"from\":\"shop@example.com\",\"to\":[\"ann@example.net\"],\"subject\":\"Your order\",\"text\":\"Thanks\",\"headers\":{\"X-Tandem-Key\":\""
        + id
        + "\"}}";
  }

  /** The status of the answer. */
  static int post(String url, String id) throws IOException, InterruptedException {
    return post(url, id, TEN_SECONDS);
  }

  /** For a route. */
  static int post(String url, String id, String route) throws IOException, InterruptedException {
    return send(url, json(id).replaceFirst("\\{", "{\"route\":\"" + route + "\","), TEN_SECONDS);
  }

  static int post(String url, String id, Duration within) throws IOException, InterruptedException {
    return send(url, json(id), within);
  }

  /** The whole answer. */
  static HttpResponse<String> answer(String url, String id)
      throws IOException, InterruptedException {
    return ask(url, json(id), TEN_SECONDS);
  }

  private static int send(String url, String body, Duration within)
      throws IOException, InterruptedException {
    return ask(url, body, within).statusCode();
  }

  private static HttpResponse<String> ask(String url, String body, Duration within)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/v1/messages"))
            .timeout(within)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
  }

  public static HttpResponse<String> get(String url) throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  static KafkaSettings kafka(String bootstrap, int partitions) {
    return new KafkaSettings(bootstrap, Optional.empty(), partitions, (short) 1, Map.of());
  }

  static KafkaProducer<byte[], byte[]> producer(String bootstrap) {
    return KafkaClients.producer(
        kafka(bootstrap, 1),
        "test-producer",
        Map.of("max.block.ms", 60_000, "delivery.timeout.ms", 120_000));
  }

  static ProducerRecord<byte[], byte[]> rfc822(String id) {
    String message =
        "From: shop@example.com\r\nSubject: x\r\nX-Tandem-Key: " + id + "\r\n\r\n.dot\r\n";
    return new ProducerRecord<>(
        Topics.SUBMITTED,
        null,
        id.getBytes(StandardCharsets.UTF_8),
        message.getBytes(StandardCharsets.UTF_8),
        List.of(
            header(HeaderNames.CONTENT_TYPE, HeaderNames.RFC822),
            header(HeaderNames.MAIL_FROM, "b@example.com"),
            header(HeaderNames.RCPT_TO, "ann@example.net")));
  }

  public static int freePort() throws IOException {
    return Ports.free();
  }

  private static org.apache.kafka.common.header.Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
