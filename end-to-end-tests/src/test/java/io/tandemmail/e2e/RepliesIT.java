package io.tandemmail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.sink.Behaviour;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.ReceivedMessage;
import io.tandemmail.sink.SinkConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What servers say, through the whole pipeline: who is tried again, where, and what the outcomes tell (S2, S5). */
class RepliesIT {
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration ARRIVAL = Duration.ofSeconds(60);

  @TempDir Path folder;
  private MailSink primary;
  private MailSink secondary;
  private int kafkaPort;
  private String ingest;
  private Path config;

  @BeforeEach
  void prepare() throws IOException {
    primary = MailSink.start(SinkConfig.named("primary").keeping());
    secondary = MailSink.start(SinkConfig.named("secondary").keeping());
    kafkaPort = Submissions.freePort();
    int httpPort = Submissions.freePort();
    ingest = "http://127.0.0.1:" + httpPort;
    config = folder.resolve("tandem.yaml");
    // Health is kept out of it: what moves here moves by the policy.
    Files.writeString(
        config,
        """
        kafka: { embedded: { port: %d, data-dir: %s }, partitions: 2 }
        ingest: { http: { port: %d } }
        console: { port: 0 }
        worker: { ehlo-name: localhost, drain-budget: 5s }
        servers:
          a: { host: 127.0.0.1, port: %d, tls: none }
          b: { host: 127.0.0.1, port: %d, tls: none }
        routes:
          default: { primary: a, secondary: b, retry: { first: 1s, max: 5s, give-up-after: 1h } }
          careful: { primary: a, secondary: b, in-doubt: hold }
        health: { down-after-failures: 100 }
        """
            .formatted(
                kafkaPort, folder.resolve("data"), httpPort, primary.port(), secondary.port()));
  }

  @AfterEach
  void stop() {
    primary.close();
    secondary.close();
  }

  @Test
  void whatAServerSaysDecidesWhoIsTriedAgainAndWhere() throws Exception {
    try (TandemProcess tandem = standalone();
        KafkaProducer<byte[], byte[]> producer = Submissions.producer("127.0.0.1:" + kafkaPort)) {
      primary.behave(Behaviour.parse("451-mail").orElseThrow());
      producer.send(mail("moved", List.of("ann@example.net")));
      awaitEvents(
          "moved",
          "\"type\":\"deferred\",\"attempt\":1,\"server\":\"a\"",
          "\"category\":\"other\"",
          "\"type\":\"delivered\",\"attempt\":2,\"server\":\"b\"");
      assertThat(primary.received()).isEmpty();

      primary.behave(Behaviour.parse("452-after-10").orElseThrow());
      List<String> many = IntStream.range(0, 25).mapToObj(i -> "r" + i + "@example.net").toList();
      producer.send(mail("many", many));
      awaitEvents("many", "\"route\":\"default\",\"state\":\"delivered\"");
      assertThat(recipientsAt(primary)).containsExactlyElementsOf(many);

      primary.behave(Behaviour.NORMAL);
      producer.send(
          mail(
              "mixed", List.of("bob@example.net", "greylist@example.net", "550-rcpt@example.net")));
      awaitEvents(
          "mixed",
          "\"state\":\"mixed\"",
          "\"type\":\"bounced\",\"attempt\":1,\"server\":\"a\"",
          "\"type\":\"delivered\",\"attempt\":2,\"server\":\"a\"");
      assertThat(recipientsAt(primary)).endsWith("bob@example.net", "greylist@example.net");
      assertThat(secondary.received()).hasSize(1);
      assertThat(tandem.terminate()).isIn(0, 143);
    }
  }

  @Test
  void whatMayHaveArrivedTwiceIsListed() throws Exception {
    try (TandemProcess tandem = standalone();
        KafkaProducer<byte[], byte[]> producer = Submissions.producer("127.0.0.1:" + kafkaPort)) {
      primary.behave(Behaviour.parse("close-after-dot").orElseThrow());
      producer.send(mail("doubted", List.of("ann@example.net")));
      awaitEvents("doubted", "\"type\":\"in-doubt\",\"attempt\":1,\"server\":\"a\"");
      primary.behave(Behaviour.NORMAL);
      producer.send(mail("certain", List.of("bob@example.net")));
      awaitEvents("doubted", "\"state\":\"delivered\"");
      awaitEvents("certain", "\"state\":\"delivered\"");

      try (TandemProcess list =
          TandemProcess.tandem(
              folder, "doubts", "in-doubt", "list", "--config", config.toString())) {
        assertThat(list.exitCode(START)).isZero();
        assertThat(list.output())
            .containsPattern("doubted +ann@example.net +a +attempt 1  then delivered by ")
            .doesNotContain("certain");
      }
      assertThat(tandem.terminate()).isIn(0, 143);
    }
  }

  @Test
  void whatIsHeldInDoubtWaitsForAnOperator() throws Exception {
    try (TandemProcess tandem = standalone();
        KafkaProducer<byte[], byte[]> producer = Submissions.producer("127.0.0.1:" + kafkaPort)) {
      primary.behave(Behaviour.parse("close-after-dot").orElseThrow());
      for (String id : List.of("held", "lost")) {
        ProducerRecord<byte[], byte[]> mail = mail(id, List.of(id + "@example.net"));
        mail.headers().add(HeaderNames.ROUTE, "careful".getBytes(StandardCharsets.UTF_8));
        producer.send(mail);
        awaitEvents(id, "\"type\":\"in-doubt\"", "\"type\":\"held\"", "\"heldUntil\":");
      }
      primary.behave(Behaviour.NORMAL);
      assertThat(command("list", "list")).contains("2 held").contains("held until tandem");
      assertThat(command("message", "message", "held")).contains("held for tandem in-doubt");

      assertThat(command("resolve", "resolve", "held", "--as", "delivered", "--by", "op"))
          .contains("delivered  held  held@example.net");
      awaitEvents("held", "\"state\":\"delivered\"", "resolved as delivered by op");
      assertThat(command("resend", "resolve", "lost", "--as", "resend", "--by", "op"))
          .contains("resend  lost  lost@example.net");
      awaitEvents("lost", "\"state\":\"delivered\",", "\"attempt\":2,\"server\":\"a\"");
      assertThat(recipientsAt(primary))
          .containsExactlyInAnyOrder("held@example.net", "lost@example.net", "lost@example.net");

      try (TandemProcess again =
          inDoubt("again", "resolve", "held", "--as", "failed", "--by", "op")) {
        assertThat(again.exitCode(START)).isEqualTo(1);
        assertThat(again.output()).contains("held", "not held");
      }
      assertThat(tandem.terminate()).isIn(0, 143);
    }
  }

  private String command(String name, String... arguments) throws Exception {
    try (TandemProcess command =
        arguments[0].equals("message") ? tandem(name, arguments) : inDoubt(name, arguments)) {
      assertThat(command.exitCode(START)).as(name + ": " + command.output()).isZero();
      return command.output();
    }
  }

  private TandemProcess inDoubt(String name, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of("in-doubt"));
    all.addAll(List.of(arguments));
    return tandem(name, all.toArray(String[]::new));
  }

  private TandemProcess tandem(String name, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", config.toString()));
    return TandemProcess.tandem(folder, name, all.toArray(String[]::new));
  }

  private void awaitEvents(String id, String... parts) {
    await().atMost(ARRIVAL).untilAsserted(() -> assertThat(events(id)).contains(parts));
  }

  private String events(String id) throws Exception {
    return Submissions.get(ingest + "/v1/messages/" + id).body();
  }

  private static List<String> recipientsAt(MailSink sink) {
    return sink.received().stream().map(ReceivedMessage::recipients).flatMap(List::stream).toList();
  }

  private static ProducerRecord<byte[], byte[]> mail(String id, List<String> recipients) {
    ProducerRecord<byte[], byte[]> mail = Submissions.rfc822(id);
    mail.headers().remove(HeaderNames.RCPT_TO);
    recipients.forEach(
        path -> mail.headers().add(HeaderNames.RCPT_TO, path.getBytes(StandardCharsets.UTF_8)));
    return mail;
  }

  private TandemProcess standalone() throws IOException {
    return TandemProcess.tandem(folder, "standalone", "standalone", "--config", config.toString())
        .awaitOutput("ready", START);
  }
}
