package io.tandemmail.worker.delivery;

import io.tandemmail.worker.gate.SendGate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Moves what waits for a server that left service or is out of reach from here, on a thread of its own (I4). The connections would do it, but those of a
 * server that fell silent are all waiting for a reply, as long as the RFC asks for, and so would the mail behind them; and a
 * server that is no longer configured has none.
 */
final class Evacuation {
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private final ServerQueue queue;
  private final DeliveryContext context;
  private final Departure departure;
  private final Thread thread;
  private volatile boolean stopping;

  Evacuation(ServerQueue queue, DeliveryContext context) {
    this.queue = queue;
    this.context = context;
    this.departure = new Departure(context, queue.server());
    this.thread = Thread.ofVirtual().name("evacuate-" + queue.server()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  void stop() {
    stopping = true;
    context.signal().changed();
  }

  void join(Duration within) throws InterruptedException {
    thread.join(within);
  }

  private void run() {
    try {
      while (!stopping) {
        boolean outOfService = !context.healthHere(queue.server()).inService();
        if (outOfService) {
          queue.cutOpenings();
        }
        if (outOfService || queue.loops().isEmpty()) {
          moveAll();
        }
        context.signal().await(LOOK_EVERY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What only this server could take stays, and keeps its place. */
  private void moveAll() throws InterruptedException {
    Deque<Delivery> leaving =
        new ArrayDeque<>(
            queue.takeWhere(
                delivery -> departure.ask(delivery) instanceof SendGate.Answer.GiveBack));
    while (!leaving.isEmpty() && !stopping && left(leaving.getFirst())) {
      leaving.removeFirst();
    }
    while (!leaving.isEmpty()) {
      queue.putBack(leaving.removeLast());
    }
  }

  /** True when it needs no more care here. */
  private boolean left(Delivery delivery) throws InterruptedException {
    return !delivery.partition().isOwned()
        || (departure.ask(delivery) instanceof SendGate.Answer.GiveBack back
            && departure.giveBack(delivery, back.reason()));
  }
}
