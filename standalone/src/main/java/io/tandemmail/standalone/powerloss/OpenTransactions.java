package io.tandemmail.standalone.powerloss;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transactions that were open when the power went. Their coordinator's own log may be older than they are, and then nobody
 * would ever end them: readers of committed records would wait behind them for ever.
 */
final class OpenTransactions {
  private static final Logger LOG = LoggerFactory.getLogger(OpenTransactions.class);

  private OpenTransactions() {}

  /**
   * Returns when there are none.
   *
   * @param startedAt a transaction that wrote something since is of somebody who is alive
   */
  static void abort(Admin admin, Instant startedAt) {
    List<TopicPartition> partitions =
        GroupPositions.partitions(
            admin,
            Waiting.answer(admin.listTopics(new ListTopicsOptions().listInternal(true)).names()));
    Waiting.until(
        "ended the transactions that were open",
        () -> {
          List<AbortTransactionSpec> open = open(admin, partitions, startedAt);
          for (AbortTransactionSpec each : open) {
            LOG.warn("aborting a transaction that the power loss left open: {}", each);
            Waiting.answer(admin.abortTransaction(each).all());
          }
          return open.isEmpty();
        });
  }

  private static List<AbortTransactionSpec> open(
      Admin admin, List<TopicPartition> partitions, Instant startedAt) {
    List<AbortTransactionSpec> open = new ArrayList<>();
    Waiting.answer(admin.describeProducers(partitions).all())
        .forEach((partition, state) -> {
          for (ProducerState producer : state.activeProducers()) {
            if (producer.currentTransactionStartOffset().isPresent()
                && producer.lastTimestamp() < startedAt.toEpochMilli()) {
              open.add(abortion(partition, producer));
            }
          }
        });
    return open;
  }

  private static AbortTransactionSpec abortion(TopicPartition partition, ProducerState producer) {
    return new AbortTransactionSpec(
        partition,
        producer.producerId(),
        (short) producer.producerEpoch(),
        Math.max(0, producer.coordinatorEpoch().orElse(0)));
  }
}
