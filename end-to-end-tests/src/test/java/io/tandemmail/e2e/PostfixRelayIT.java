package io.tandemmail.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.bench.PostfixRelay;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.SinkConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real mail server as the primary: what Postfix accepts from us reaches the sink behind it. */
class PostfixRelayIT {
  @TempDir Path folder;

  @Test
  void mailGoesThroughPostfixToTheSinkBehindIt() throws Exception {
    if (Tools.find("postfix").isEmpty()) {
      return;
    }
    Arrivals arrivals = new Arrivals();
    int postfixPort = Submissions.freePort();
    int kafkaPort = Submissions.freePort();
    int httpPort = Submissions.freePort();
    try (MailSink sink = MailSink.start(SinkConfig.named("behind").keeping(), arrivals);
        MailSink secondary = MailSink.start(SinkConfig.named("secondary"));
        PostfixRelay postfix = PostfixRelay.start(folder, postfixPort, sink.port())) {
      Path config =
          Files.writeString(
              folder.resolve("tandem.yaml"),
              """
              kafka: { embedded: { port: %d, data-dir: %s }, partitions: 2 }
              ingest: { http: { port: %d } }
              console: { port: 0 }
              worker: { ehlo-name: localhost }
              servers:
                postfix: { host: 127.0.0.1, port: %d, tls: none, max-connections: 4 }
                b: { host: 127.0.0.1, port: %d, tls: none }
              routes: { default: { primary: postfix, secondary: b } }
              """
                  .formatted(
                      kafkaPort,
                      folder.resolve("tandem-data"),
                      httpPort,
                      postfixPort,
                      secondary.port()));
      try (TandemProcess process =
          TandemProcess.tandem(folder, "standalone", "standalone", "--config", config.toString())
              .awaitOutput("tandem is ready", Duration.ofSeconds(90))) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          assertThat(Submissions.post("http://127.0.0.1:" + httpPort, "postfix-" + i))
              .isEqualTo(202);
          ids.add("postfix-" + i);
        }
        arrivals.awaitAll(ids, Duration.ofSeconds(60));
        assertThat(secondary.counts().accepted()).isZero();
        assertThat(arrivals.duplicates()).isZero();
        assertThat(new String(sink.received().getFirst().content()))
            .contains("by relay.example.com (Postfix)");
      }
    }
  }
}
