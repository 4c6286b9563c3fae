package io.tandemmail.standalone.powerloss;

import io.tandemmail.runtime.kafka.KafkaClients;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.KafkaException;
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
            LOG.warn("aborting a transaction that nobody will end: {}", each);
            Waiting.answer(admin.abortTransaction(each).all());
          }
          return open.isEmpty();
        });
  }

  /**
   * Waits for the coordinator to end what the router had open when it was killed, which takes it some seconds.
   *
   * @return false when something stays open. Seen with Kafka 4.3.1: the coordinator says that the transaction has ended, and
   *     a partition never hears of it. Some of it is committed then and the rest can never be, so the router's word on where
   *     it was cannot be believed any more.
   */
  static boolean end(Admin admin, Duration within) {
    long deadlineNanos = System.nanoTime() + within.toNanos();
    do {
      try {
        if (ofTheRouter(admin).isEmpty()) {
          return true;
        }
        TimeUnit.MILLISECONDS.sleep(200);
      } catch (KafkaException stillLoading) {
        LOG.debug("open transactions cannot be listed yet", stillLoading);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while transactions were ending", e);
      }
    } while (System.nanoTime() < deadlineNanos);
    return false;
  }

  private static List<AbortTransactionSpec> ofTheRouter(Admin admin) {
    Set<Long> router = new HashSet<>();
    for (TransactionListing transaction : Waiting.answer(admin.listTransactions().all())) {
      if (transaction.transactionalId().startsWith(KafkaClients.ROUTER_APPLICATION + "-")) {
        router.add(transaction.producerId());
      }
    }
    Set<String> topics =
        Waiting.answer(admin.listTopics(new ListTopicsOptions().listInternal(true)).names());
    List<AbortTransactionSpec> open =
        new ArrayList<>(open(admin, GroupPositions.partitions(admin, topics), Instant.MAX));
    open.removeIf(each -> !router.contains(each.producerId()));
    return open;
  }

  private static List<AbortTransactionSpec> open(
      Admin admin, List<TopicPartition> partitions, Instant startedAt) {
    List<AbortTransactionSpec> open = new ArrayList<>();
    Waiting.answer(admin.describeProducers(partitions).all())
        .forEach((partition, state) -> {
          for (ProducerState producer : state.activeProducers()) {
            if (producer.currentTransactionStartOffset().isPresent()
                && Instant.ofEpochMilli(producer.lastTimestamp()).isBefore(startedAt)) {
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
