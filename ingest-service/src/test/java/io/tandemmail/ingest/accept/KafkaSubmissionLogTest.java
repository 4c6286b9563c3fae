package io.tandemmail.ingest.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.tandemmail.model.disk.DiskGate;
import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.submission.SubmissionReader;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.runtime.metrics.Metrics;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rule 1 of docs/rules.md: what is not durable within five seconds is refused. The promise is a time, so this takes one. */
class KafkaSubmissionLogTest {
  @Test
  void withoutABrokerASubmissionIsRefusedWithinFiveSeconds() throws Exception {
    // Bound and never accepted from: a broker that is silent, which is slower to notice than one
    // that refuses.
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      KafkaSettings kafka =
          new KafkaSettings(
              "127.0.0.1:" + silent.getLocalPort(), Optional.empty(), 1, (short) 1, Map.of());
      KafkaSubmissionLog log = new KafkaSubmissionLog(kafka, "test", Metrics.registry());
      try {
        Acceptance acceptance =
            new Acceptance(
                () -> new SubmissionReader(SubmissionReader.Limits.of(1 << 20), Set.of("default")),
                log,
                Acceptance.ANSWER_WITHIN,
                () -> DiskGate.OPEN);
        byte[] value =
            "{\"from\":\"a@example.com\",\"to\":[\"b@example.com\"],\"text\":\"x\"}"
                .getBytes(StandardCharsets.UTF_8);
        boolean durable =
            assertTimeout(
                Duration.ofSeconds(5),
                () ->
                    switch (acceptance.accept(
                        Acceptance.headers(HeaderNames.JSON, List.of()),
                        value,
                        Optional.of("m1"))) {
                      case Acceptance.Accepted accepted -> accepted.awaitDurable();
                      case Acceptance.Refused refused -> throw new AssertionError(refused);
                      case Acceptance.NoDisk none -> throw new AssertionError(none);
                    });

        assertThat(durable).isFalse();
      } finally {
        Thread.ofVirtual().start(log::close);
      }
    }
  }
}
