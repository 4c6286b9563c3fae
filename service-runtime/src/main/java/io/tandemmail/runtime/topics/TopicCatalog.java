package io.tandemmail.runtime.topics;

import io.tandemmail.model.settings.KafkaSettings.Flush;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Every topic of a configuration. Pure. */
public final class TopicCatalog {
  /** Mail must not age out of a topic before it is given up, with a day for whoever is late. */
  private static final Duration RETENTION_MARGIN = Duration.ofDays(1);

  private static final Duration MAIL_RETENTION_MIN = Duration.ofDays(7);
  private static final Duration OUTCOMES_RETENTION_MIN = Duration.ofDays(14);

  /** How far back it can be told when which server was in service. */
  public static final Duration HEALTH_HISTORY_KEPT = Duration.ofDays(7);

  private static final Duration OBSERVATIONS_KEPT = Duration.ofDays(1);

  /** A router that was away for longer would not hear that an address was taken off the list. */
  private static final Duration SUPPRESSION_TOMBSTONES_KEPT = Duration.ofDays(30);

  private static final Duration SUBMISSIONS_SEGMENT = Duration.ofDays(1);
  private static final Duration OUTCOMES_LONGER = Duration.ofDays(2);

  private static final String NEVER = Long.toString(Long.MAX_VALUE);

  private static final int RECORD_OVERHEAD_BYTES = 1 << 20;
  private static final int SEGMENT_BYTES = 128 << 20;
  private static final int SMALL_SEGMENT_BYTES = 16 << 20;

  private final Settings settings;

  private TopicCatalog(Settings settings) {
    this.settings = settings;
  }

  public static List<TopicSpec> wanted(Settings settings) {
    TopicCatalog catalog = new TopicCatalog(settings);
    List<TopicSpec> topics = new ArrayList<>();
    topics.add(catalog.submitted());
    topics.add(catalog.mail(Topics.RETURNED, catalog.mailRetention()));
    topics.add(
        catalog.mail(
            Topics.OUTCOMES,
            max(catalog.mailRetention().plus(OUTCOMES_LONGER), OUTCOMES_RETENTION_MIN)));
    topics.add(catalog.mail(Topics.REJECTED, max(catalog.mailRetention(), OUTCOMES_RETENTION_MIN)));
    for (RouteSettings route : settings.routes().values()) {
      for (String server : route.serversInOrder()) {
        topics.add(catalog.mail(Topics.lane(route.id(), server), catalog.mailRetention()));
      }
    }
    topics.add(catalog.suppressions());
    topics.add(catalog.news(Topics.SERVER_OBSERVATIONS, OBSERVATIONS_KEPT));
    topics.add(catalog.compacted(Topics.SERVER_COMMANDS, 1));
    topics.add(catalog.compacted(Topics.SERVER_HEALTH, 1));
    topics.add(catalog.news(Topics.SERVER_HEALTH_HISTORY, HEALTH_HISTORY_KEPT));
    topics.add(catalog.compacted(Topics.ROUTE_COUNTS, 1));
    topics.add(catalog.compacted(Topics.SERVICES, 1));
    topics.add(catalog.compacted(Topics.DRILLS, 1));
    return topics;
  }

  private TopicSpec submitted() {
    TopicSpec mail = mail(Topics.SUBMITTED, mailRetention());
    SortedMap<String, String> config = new TreeMap<>(mail.config());
    // The broker's clock, not the submitter's, says when a message was accepted: expiry counts from
    // there.
    config.put("message.timestamp.type", "LogAppendTime");
    settings
        .kafka()
        .embedded()
        .ifPresent(disk -> {
          // One disk, no replica: accepted means flushed. Everything else can be derived from this
          // topic and what is left of the outcomes, so these must be kept longer: a submission
          // is kept until the last one of its segment is too old.
          // Kafka's own default is that the operating system decides.
          config.put("flush.messages", disk.flush() == Flush.SUBMITTED ? "1" : NEVER);
          config.put("segment.ms", Long.toString(SUBMISSIONS_SEGMENT.toMillis()));
        });
    return new TopicSpec(mail.name(), mail.partitions(), mail.replicationFactor(), config);
  }

  private TopicSpec mail(String name, Duration retention) {
    SortedMap<String, String> config = safe();
    config.put("cleanup.policy", "delete");
    config.put("retention.ms", Long.toString(retention.toMillis()));
    config.put("retention.bytes", "-1");
    config.put("segment.bytes", Integer.toString(SEGMENT_BYTES));
    config.put(
        "max.message.bytes",
        Integer.toString(settings.ingest().maxMessageSizeBytes() + RECORD_OVERHEAD_BYTES));
    return new TopicSpec(
        name, settings.kafka().partitions(), settings.kafka().replicationFactor(), config);
  }

  private TopicSpec suppressions() {
    TopicSpec table = compacted(Topics.SUPPRESSIONS, settings.kafka().partitions());
    SortedMap<String, String> config = new TreeMap<>(table.config());
    config.put("delete.retention.ms", Long.toString(SUPPRESSION_TOMBSTONES_KEPT.toMillis()));
    return new TopicSpec(table.name(), table.partitions(), table.replicationFactor(), config);
  }

  /** Of all servers, in one order. */
  private TopicSpec news(String name, Duration kept) {
    SortedMap<String, String> config = safe();
    config.put("cleanup.policy", "delete");
    config.put("retention.ms", Long.toString(kept.toMillis()));
    config.put("segment.bytes", Integer.toString(SMALL_SEGMENT_BYTES));
    return new TopicSpec(name, 1, settings.kafka().replicationFactor(), config);
  }

  private TopicSpec compacted(String name, int partitions) {
    SortedMap<String, String> config = safe();
    config.put("cleanup.policy", "compact");
    config.put("segment.bytes", Integer.toString(SMALL_SEGMENT_BYTES));
    return new TopicSpec(name, partitions, settings.kafka().replicationFactor(), config);
  }

  private SortedMap<String, String> safe() {
    SortedMap<String, String> config = new TreeMap<>();
    config.put("min.insync.replicas", settings.kafka().replicationFactor() >= 3 ? "2" : "1");
    config.put("unclean.leader.election.enable", "false");
    config.put("compression.type", "producer");
    // One broker whose clock is an hour behind would refuse everything of everyone whose clock is
    // right.
    config.put("message.timestamp.after.max.ms", NEVER);
    return config;
  }

  private Duration mailRetention() {
    Duration longest =
        settings.routes().values().stream()
            .map(route -> route.retry().giveUpAfter())
            .reduce(Duration.ZERO, TopicCatalog::max);
    return max(longest.plus(RETENTION_MARGIN), MAIL_RETENTION_MIN);
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
