package io.tandemmail.bench;

import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.submission.Assignment;
import io.tandemmail.model.submission.ContentType;
import io.tandemmail.model.submission.Envelope;
import io.tandemmail.model.submission.FactsCodec;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.submission.Role;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.config.Live;
import io.tandemmail.runtime.kafka.KafkaHeaders;
import io.tandemmail.standalone.Cluster;
import io.tandemmail.standalone.FatalExit;
import io.tandemmail.standalone.TemporaryFolder;
import io.tandemmail.standalone.broker.EmbeddedBroker;
import io.tandemmail.worker.WorkerService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A worker alone: its lane is full before it starts, so what is timed is taking, sending and recording. */
final class WorkerRun {
  private static final int WARM_UP = 20_000;
  private static final long WITHIN_SECONDS = 600;

  private WorkerRun() {}

  static double perSecond(int messages) throws IOException, InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.create("tandem-bench-");
        CountingSink sink = CountingSink.start()) {
      Settings configured = TandemRun.settings(folder.path(), sink.port(), PostfixTools.freePort());
      try (EmbeddedBroker broker =
          EmbeddedBroker.start(configured.kafka().embedded().orElseThrow(), FatalExit::exit)) {
        Settings settings = configured.withKafka(configured.kafka().at(broker.bootstrapServers()));
        Cluster.applyTopics(settings);
        fill(settings, WARM_UP + messages);
        try (WorkerService worker = WorkerService.start(Live.of(settings), "worker-1", "bench")) {
          sink.awaitRate(WARM_UP, System.nanoTime(), WITHIN_SECONDS);
          return sink.awaitRateSince(WARM_UP + (long) messages, WITHIN_SECONDS);
        }
      }
    }
  }

  private static void fill(Settings settings, int messages) throws InterruptedException {
    byte[] content = BenchMessage.content();
    int partitions = settings.kafka().partitions();
    try (Feeder producer = new Feeder(settings.kafka())) {
      for (int i = 0; i < messages; i++) {
        String id = "bench-" + i;
        producer.send(
            new ProducerRecord<>(
                Topics.lane("default", "sink"),
                i % partitions,
                id.getBytes(StandardCharsets.UTF_8),
                content,
                KafkaHeaders.to(
                    FactsCodec.write(facts(id), new Assignment("sink", Role.PRIMARY, 0)))));
        if (i + 1 == partitions) {
          // A topic made a moment ago: several batches at once for a partition whose leader is only
          // settling were seen to wait for each other until they expired.
          producer.flush();
        }
      }
      producer.flush();
    }
  }

  private static MessageFacts facts(String id) {
    return new MessageFacts(
        id,
        "default",
        new Envelope(BenchMessage.REVERSE_PATH, List.of(BenchMessage.RECIPIENT)),
        ContentType.RFC822,
        Instant.now(),
        Optional.empty(),
        Optional.empty(),
        0,
        0,
        Optional.empty());
  }
}
