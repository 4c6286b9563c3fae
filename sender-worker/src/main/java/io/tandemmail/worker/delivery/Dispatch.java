package io.tandemmail.worker.delivery;

import io.tandemmail.model.settings.Settings;
import io.tandemmail.smtp.ServerEndpoint;
import io.tandemmail.worker.gate.SendGate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/** From a lane record to its server's queue; and the size of each server's connections as partitions come and go. */
public final class Dispatch {
  private final Settings settings;
  private final DeliveryContext context;
  private final Map<String, ServerQueue> queues = new TreeMap<>();

  public Dispatch(Settings settings, DeliveryContext context, String ehloName) {
    this.settings = settings;
    this.context = context;
    settings
        .servers()
        .values()
        .forEach(server -> {
          ServerEndpoint endpoint = ServerEndpoint.of(server, ehloName);
          queues.put(
              server.id(),
              new ServerQueue(server, queue -> new ConnectionLoop(queue, endpoint, context)));
        });
  }

  public void add(Delivery delivery) {
    Objects.requireNonNull(queues.get(delivery.partition().lane().server())).add(delivery);
  }

  /** Whether it would only wait for its server now. */
  public boolean isHeld(Delivery delivery) {
    SendGate.Answer answer =
        context
            .gate()
            .get()
            .ask(
                delivery.facts(),
                delivery.partition().lane().server(),
                context.health(),
                Instant.now());
    return answer instanceof SendGate.Answer.Hold;
  }

  public void owns(Set<TopicPartition> partitions) {
    queues.forEach((server, queue) -> {
      ConnectionShare.Share share = ConnectionShare.of(settings, server, partitions);
      queue.allow(share.connections(), share.ownedPartitions(), share.totalPartitions());
    });
  }

  /** Ends every connection after its transaction under way; cuts what is not done within the budget. */
  public void drain(Duration budget) {
    List<ConnectionLoop> loops = new ArrayList<>();
    queues
        .values()
        .forEach(queue -> {
          loops.addAll(queue.loops());
          queue.stop();
        });
    long deadlineNanos = System.nanoTime() + budget.toNanos();
    try {
      for (ConnectionLoop loop : loops) {
        loop.join(Duration.ofNanos(Math.max(1, deadlineNanos - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    queues.values().forEach(ServerQueue::abort);
  }
}
