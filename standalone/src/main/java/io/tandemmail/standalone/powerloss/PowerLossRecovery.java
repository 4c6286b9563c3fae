package io.tandemmail.standalone.powerloss;

import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.router.reconcile.Reconciler;
import io.tandemmail.runtime.kafka.KafkaClients;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgets what cannot be believed, and has the rest told to the router: see the package. */
public final class PowerLossRecovery {
  private static final Logger LOG = LoggerFactory.getLogger(PowerLossRecovery.class);
  private static final String CLIENT = "tandem-power-loss";

  /** Streams names the topics of its stores by the application. */
  private static final String STORES_PREFIX = KafkaClients.ROUTER_APPLICATION + "-";

  /** A transaction times out after five seconds, and its coordinator looks every ten. */
  private static final Duration TRANSACTIONS_WAIT = Duration.ofSeconds(40);

  private final Settings settings;
  private final Map<TopicPartition, Long> toldUpTo;

  private PowerLossRecovery(Settings settings, Map<TopicPartition, Long> toldUpTo) {
    this.settings = settings;
    this.toldUpTo = toldUpTo;
  }

  /**
   * Whether the broker has ended what a router had open that was killed, so that nothing has to be reconciled. Call before any
   * service runs; costs next to nothing where nothing is open.
   */
  public static boolean transactionsHaveEnded(Settings settings) {
    try (Admin admin = KafkaClients.admin(settings.kafka(), CLIENT)) {
      return OpenTransactions.end(admin, TRANSACTIONS_WAIT);
    }
  }

  /**
   * Call when the topics are there and before any service runs.
   *
   * @param stateDir of the router
   * @param applyTopics makes those again that were deleted
   */
  public static PowerLossRecovery run(Settings settings, Path stateDir, Runnable applyTopics) {
    Instant startedAt = Instant.now();
    LOG.warn(
        "what stands on the disk cannot all be believed: reconciling {} with {}",
        Topics.SUBMITTED,
        Topics.OUTCOMES);
    try (Admin admin = KafkaClients.admin(settings.kafka(), CLIENT)) {
      OpenTransactions.abort(admin, startedAt);
      forgetStores(admin, stateDir);
      applyTopics.run();
      GroupPositions positions = GroupPositions.atTheEnds(admin);
      positions.commit();
      Reconciler.Found found =
          Reconciler.run(
              settings,
              CLIENT,
              positions.endsOf(Topics.SUBMITTED),
              positions.endsOf(Topics.OUTCOMES));
      LOG.warn(
          "reconciled: of {} submissions on disk {} have ended, {} go on for who is open, {} are taken in again",
          found.submissions(),
          found.ended(),
          found.begun(),
          found.untouched());
      return new PowerLossRecovery(
          settings, GroupPositions.atTheEnds(admin).endsOf(Topics.RETURNED));
    }
  }

  /**
   * Returns when the running router has taken all of it in: it knows again which ids were accepted, so a client who sends
   * one again is answered and not served twice.
   */
  public void awaitTakenIn() {
    try (Admin admin = KafkaClients.admin(settings.kafka(), CLIENT)) {
      Waiting.until("taken in by the router", () -> GroupPositions.routerIsPast(admin, toldUpTo));
    }
  }

  /**
   * Stores, and the two tables that the router writes only when a store changes: counts, and health, which would stand as it
   * was while the router takes every server for one it never heard of.
   */
  private static void forgetStores(Admin admin, Path stateDir) {
    Waiting.until(
        "forgotten what may be old",
        () -> {
          Set<String> derived = new HashSet<>(Waiting.answer(admin.listTopics().names()));
          derived.removeIf(topic ->
              !topic.startsWith(STORES_PREFIX)
                  && !topic.equals(Topics.ROUTE_COUNTS)
                  && !topic.equals(Topics.SERVER_HEALTH));
          if (!derived.isEmpty()) {
            Waiting.answer(admin.deleteTopics(derived).all());
          }
          return derived.isEmpty();
        });
    if (!Files.exists(stateDir)) {
      return;
    }
    try (Stream<Path> all = Files.walk(stateDir)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete the router's stores in " + stateDir, e);
    }
  }
}
