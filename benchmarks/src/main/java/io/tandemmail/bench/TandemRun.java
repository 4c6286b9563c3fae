package io.tandemmail.bench;

import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.SinkConfig;
import io.tandemmail.standalone.Cluster;
import io.tandemmail.standalone.TemporaryFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Tandem in one process with durable defaults, fed through Kafka, delivering into Postfix's smtp-sink. */
final class TandemRun {
  private static final int WARM_UP = 20_000;
  private static final long WITHIN_SECONDS = 600;

  private TandemRun() {}

  static double perSecond(int messages) throws IOException, InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.create("tandem-bench-");
        CountingSink sink = CountingSink.start();
        MailSink secondary = MailSink.start(SinkConfig.named("secondary"));
        Cluster cluster = Cluster.start(settings(folder.path(), sink.port(), secondary.port()));
        Feeder producer = new Feeder(cluster.settings().get().kafka())) {
      // A mail system runs for months: the first seconds of a JVM are not what is asked for.
      feed(producer, "warm", WARM_UP);
      sink.awaitRate(WARM_UP, System.nanoTime(), WITHIN_SECONDS);
      long startNanos = System.nanoTime();
      feed(producer, "bench", messages);
      double rate = sink.awaitRate(WARM_UP + (long) messages, startNanos, WITHIN_SECONDS);
      return rate * messages / (WARM_UP + messages);
    }
  }

  static void feed(Feeder producer, String prefix, int messages) throws InterruptedException {
    List<Header> headers =
        List.of(
            header(HeaderNames.CONTENT_TYPE, HeaderNames.RFC822),
            header(HeaderNames.MAIL_FROM, BenchMessage.REVERSE_PATH),
            header(HeaderNames.RCPT_TO, BenchMessage.RECIPIENT));
    byte[] message = BenchMessage.content();
    for (int i = 0; i < messages; i++) {
      byte[] id = (prefix + "-" + i).getBytes(StandardCharsets.UTF_8);
      producer.send(new ProducerRecord<>(Topics.SUBMITTED, null, id, message, headers));
    }
    producer.flush();
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
  }

  static Settings settings(Path folder, int primaryPort, int secondaryPort) {
    String yaml =
        """
        kafka: { embedded: { port: 0, data-dir: %s }, partitions: 8 }
        ingest: { http: { port: 0 } }
        console: { port: 0 }
        worker: { ehlo-name: localhost }
        servers:
          sink: { host: 127.0.0.1, port: %d, tls: none, max-connections: 20, max-messages-per-connection: 100000 }
          other: { host: 127.0.0.1, port: %d, tls: none }
        routes: { default: { primary: sink, secondary: other } }
        """
            .formatted(folder, primaryPort, secondaryPort);
    return switch (SettingsReader.read("bench", yaml, Map.of())) {
      case SettingsResult.Valid valid -> valid.settings();
      case SettingsResult.Invalid invalid ->
          throw new IllegalStateException(invalid.problems().toString());
    };
  }
}
