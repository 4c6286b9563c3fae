package io.tandemmail.worker.delivery;

import io.tandemmail.model.settings.Settings;
import io.tandemmail.smtp.ServerEndpoint;
import java.time.Duration;
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
  private final Map<String, ServerQueue> queues = new TreeMap<>();
  private final List<Evacuation> evacuations = new ArrayList<>();

  public Dispatch(Settings settings, DeliveryContext context, String ehloName) {
    this.settings = settings;
    settings
        .servers()
        .values()
        .forEach(server -> {
          ServerEndpoint endpoint = ServerEndpoint.of(server, ehloName);
          ServerQueue queue =
              new ServerQueue(server, its -> new ConnectionLoop(its, endpoint, context));
          queues.put(server.id(), queue);
          evacuations.add(new Evacuation(queue, context));
        });
    evacuations.forEach(Evacuation::start);
  }

  public void add(Delivery delivery) {
    Objects.requireNonNull(queues.get(delivery.partition().lane().server())).add(delivery);
  }

  public void owns(Set<TopicPartition> partitions) {
    queues.forEach((server, queue) -> {
      ConnectionShare.Share share = ConnectionShare.of(settings, server, partitions);
      queue.allow(share.connections(), share.ownedPartitions(), share.totalPartitions());
    });
  }

  /** Ends every connection after its transaction under way; cuts what is not done within the budget. */
  public void drain(Duration budget) {
    evacuations.forEach(Evacuation::stop);
    List<ConnectionLoop> loops = new ArrayList<>();
    queues
        .values()
        .forEach(queue -> {
          loops.addAll(queue.loops());
          queue.stop();
        });
    long deadlineNanos = System.nanoTime() + budget.toNanos();
    try {
      for (Evacuation evacuation : evacuations) {
        evacuation.join(Duration.ofNanos(Math.max(1, deadlineNanos - System.nanoTime())));
      }
      for (ConnectionLoop loop : loops) {
        loop.join(Duration.ofNanos(Math.max(1, deadlineNanos - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    queues.values().forEach(ServerQueue::abort);
  }
}
