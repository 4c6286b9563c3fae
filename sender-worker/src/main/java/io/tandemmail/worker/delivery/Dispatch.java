package io.tandemmail.worker.delivery;

import io.tandemmail.model.settings.Priority;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.runtime.time.SteadyClock;
import io.tandemmail.smtp.ServerEndpoint;
import io.tandemmail.worker.gate.SendGate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.TopicPartition;

/** From a lane record to its server's queue; and the size of each server's connections as partitions come and go. */
public final class Dispatch {
  private final DeliveryContext context;
  private final String ehloName;
  private final Map<String, ServerQueue> queues = new ConcurrentSkipListMap<>();
  private final List<Evacuation> evacuations = new CopyOnWriteArrayList<>();
  private volatile Settings settings;

  public Dispatch(Settings settings, DeliveryContext context, String ehloName) {
    this.settings = settings;
    this.context = context;
    this.ehloName = ehloName;
    follow(settings);
  }

  /** Another configuration. {@link #owns} has to be called after it. */
  public void follow(Settings next) {
    settings = next;
    for (ServerSettings server : next.servers().values()) {
      ServerEndpoint endpoint = ServerEndpoint.of(server, ehloName);
      ServerQueue known = queues.get(server.id());
      if (known == null) {
        open(endpoint);
      } else {
        known.configure(endpoint);
      }
    }
  }

  private ServerQueue open(ServerEndpoint endpoint) {
    ServerQueue queue =
        new ServerQueue(endpoint, this::priority, its -> new ConnectionLoop(its, context));
    queues.put(endpoint.server().id(), queue);
    Evacuation evacuation = new Evacuation(queue, context);
    evacuations.add(evacuation);
    evacuation.start();
    return queue;
  }

  /** A server that is not configured any more: nothing is sent to it, and what waits for it is given back. */
  private ServerQueue retired(String server) {
    return open(ServerEndpoint.of(ServerSettings.plain(server, "retired.invalid", 25), ehloName));
  }

  public void add(Delivery delivery) {
    String server = delivery.partition().lane().server();
    ServerQueue queue = queues.get(server);
    (queue == null ? retired(server) : queue).add(delivery);
  }

  /**
   * A probe, in the place of a connection of this worker's part. Who has no part leaves it to those that do; what no route
   * leads to has no mail either.
   */
  public void probe(String server, Runnable probe) {
    ServerQueue queue = queues.get(server);
    boolean offered = queue != null && queue.offer(probe);
    boolean inUse =
        settings.routes().values().stream()
            .anyMatch(route -> route.serversInOrder().contains(server));
    if (!offered && !inUse) {
      Thread.ofVirtual().name("probe-" + server).start(probe);
    }
  }

  private Priority priority(Delivery delivery) {
    RouteSettings route = context.settings().get().routes().get(delivery.facts().route());
    return route == null ? Priority.NORMAL : route.priority();
  }

  /**
   * Waits until connections beyond this worker's part are closed: who gets the partitions opens its own, and the server
   * must not see both (I5).
   *
   * @return false when some are still open after the time
   */
  public boolean awaitSurplusClosed(Duration within) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + within.toNanos();
    boolean allClosed = true;
    for (ServerQueue queue : queues.values()) {
      for (ConnectionLoop loop : queue.leaving()) {
        loop.join(Duration.ofNanos(Math.max(1, deadlineNanos - System.nanoTime())));
        allClosed &= loop.hasEnded();
      }
    }
    return allClosed;
  }

  /** How many messages wait for each server in what this worker owns, those under way included. */
  public void backlog(Map<String, Long> byServer) {
    queues
        .keySet()
        .forEach(server -> context.watches().of(server).backlog(byServer.getOrDefault(server, 0L)));
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
                context::healthHere,
                SteadyClock.now());
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
