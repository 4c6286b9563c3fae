package io.tandemmail.sink.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.ScriptedClient;
import io.tandemmail.sink.SinkConfig;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SinkControlTest {
  private final HttpClient http = HttpClient.newHttpClient();
  private MailSink sink;
  private SinkControl control;

  @BeforeEach
  void start() throws IOException {
    sink = MailSink.start(SinkConfig.named("s").keeping());
    control = SinkControl.start(sink, 0);
  }

  @AfterEach
  void stop() {
    http.close();
    control.close();
    sink.close();
  }

  @Test
  void countsAreThoseOfTheSink() throws Exception {
    try (ScriptedClient client = ScriptedClient.greeted(sink)) {
      client.mail("ann@example.net");
    }
    JsonNode counts = new ObjectMapper().readTree(call("GET", "/counts", "").body());
    assertThat(counts.get("accepted").asLong()).isEqualTo(1);
    assertThat(counts.get("transactions").asLong()).isEqualTo(1);
    assertThat(counts.get("connections").asLong()).isEqualTo(1);
    assertThat(counts.get("peak").asLong()).isEqualTo(1);
  }

  @Test
  void behaviourChangesAtOnceAndNonsenseChangesNothing() throws Exception {
    assertThat(call("PUT", "/behaviour", "550-rcpt\n").statusCode()).isEqualTo(200);
    assertThat(call("PUT", "/behaviour", "be nice").statusCode()).isEqualTo(400);
    try (ScriptedClient client = ScriptedClient.greeted(sink)) {
      assertThat(client.mail("ann@example.net")).startsWith("550");
    }
  }

  @Test
  void stopAndRestartAreThoseOfTheSink() throws Exception {
    call("POST", "/stop", "");
    assertThatThrownBy(() -> ScriptedClient.connect(sink)).isInstanceOf(ConnectException.class);
    call("POST", "/restart", "");
    try (ScriptedClient client = ScriptedClient.connect(sink)) {
      assertThat(client.reply()).startsWith("220");
    }
  }

  @Test
  void receivedGivesTheLastOnes() throws Exception {
    try (ScriptedClient client = ScriptedClient.greeted(sink)) {
      client.mail("ann@example.net");
      client.mail("bob@example.net");
      client.mail("cid@example.net");
    }
    JsonNode last = new ObjectMapper().readTree(call("GET", "/received?limit=2", "").body());
    assertThat(last).hasSize(2);
    assertThat(last.get(1).get("rcpt").get(0).asText()).isEqualTo("cid@example.net");
    assertThat(call("GET", "/received?limit=x", "").statusCode()).isEqualTo(400);
    assertThat(call("GET", "/nothing", "").statusCode()).isEqualTo(404);
  }

  private HttpResponse<String> call(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + control.port() + path))
            .method(method, BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }
}
