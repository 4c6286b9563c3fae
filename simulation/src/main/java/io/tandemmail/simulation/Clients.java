package io.tandemmail.simulation;

import io.tandemmail.model.submission.ContentType;
import io.tandemmail.model.submission.Envelope;
import io.tandemmail.model.submission.FactsCodec;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.wire.HomePartition;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.simulation.world.Chance;
import io.tandemmail.simulation.world.LogRecord;
import io.tandemmail.simulation.world.World;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** Whoever submits mail: now and then twice, now and then to another partition than the id's home. */
final class Clients {
  private static final List<String> TROUBLED = List.of("full", "unknown", "grey");
  private static final long MILLIS_BETWEEN_MAX = 120;

  private final World world;
  private final Chance chance;
  private final List<String> routes;
  private final int partitions;
  private int count;
  private boolean stopped;

  Clients(World world) {
    this.world = world;
    this.chance = world.chance();
    this.routes = List.copyOf(world.settings().routes().keySet());
    this.partitions = world.settings().kafka().partitions();
    submit();
  }

  void stop() {
    stopped = true;
  }

  private void submit() {
    if (stopped) {
      return;
    }
    world.agenda().after(world.network(), chance.between(1, MILLIS_BETWEEN_MAX), this::submit);
    MessageFacts facts = message("m" + count++);
    append(facts);
    if (chance.oneIn(20)) {
      world.agenda().after(world.network(), chance.between(1, 20_000), () -> append(facts));
    }
  }

  private void append(MessageFacts facts) {
    int home = HomePartition.of(facts.id(), partitions);
    int partition = chance.oneIn(20) ? chance.below(partitions) : home;
    List<String> recipients = facts.envelope().forwardPaths();
    boolean plain =
        facts.expiresAt().isEmpty()
            && facts.sendAt().isEmpty()
            && recipients.stream().allMatch(recipient -> recipient.startsWith("ok"));
    world.truth().accepted(facts.id(), recipients, plain, world.agenda().now());
    world
        .broker()
        .append(
            new TopicPartition(Topics.SUBMITTED, partition),
            new LogRecord(facts.id(), FactsCodec.write(facts), "submitted"));
  }

  private MessageFacts message(String id) {
    List<String> recipients = new ArrayList<>();
    for (int i = 0; i < 1 + (chance.oneIn(4) ? chance.below(3) : 0); i++) {
      String kind = chance.oneIn(25) ? chance.of(TROUBLED) : "ok";
      recipients.add(kind + i + "." + id + "@example.com");
    }
    Instant now = world.agenda().wall(world.network());
    return new MessageFacts(
        id,
        chance.of(routes),
        new Envelope("sender@example.org", recipients),
        ContentType.RFC822,
        now,
        chance.oneIn(50) ? Optional.of(now.plusSeconds(chance.between(1, 30))) : Optional.empty(),
        chance.oneIn(50) ? Optional.of(now.plusSeconds(chance.between(5, 60))) : Optional.empty(),
        0,
        0,
        Optional.empty());
  }
}
