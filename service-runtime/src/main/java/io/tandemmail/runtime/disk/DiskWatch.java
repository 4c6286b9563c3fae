package io.tandemmail.runtime.disk;

import io.tandemmail.model.disk.DiskGate;
import io.tandemmail.model.disk.DiskReadings;
import io.tandemmail.model.disk.LogDir;
import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.runtime.kafka.KafkaClients;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the brokers' disks on a thread of its own; what it last saw is there at once for whoever asks. */
public final class DiskWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DiskWatch.class);

  /** What is written between two looks has to fit into the limit. */
  private static final Duration EVERY = Duration.ofSeconds(2);

  private static final Duration ANSWER_WAIT = Duration.ofSeconds(2);

  private final Admin admin;
  private final LongSupplier limitBytes;
  private final Consumer<List<LogDir>> seen;
  private final Thread looking;
  private DiskReadings readings = DiskReadings.NONE;
  private List<String> unseen = List.of();
  private volatile List<LogDir> known = List.of();
  private volatile DiskGate gate = DiskGate.OPEN;

  /**
   * @param limitBytes of free space, asked at each look; 0: the gate stays open
   * @param seen told of {@link #known} after each look, on the watch's thread
   */
  public static DiskWatch start(
      KafkaSettings kafka, String clientId, LongSupplier limitBytes, Consumer<List<LogDir>> seen) {
    DiskWatch watch =
        new DiskWatch(KafkaClients.admin(kafka, clientId + "-disks"), limitBytes, seen);
    watch.looking.start();
    return watch;
  }

  private DiskWatch(Admin admin, LongSupplier limitBytes, Consumer<List<LogDir>> seen) {
    this.seen = seen;
    this.admin = admin;
    this.limitBytes = limitBytes;
    this.looking = Thread.ofPlatform().daemon().name("disk-watch").unstarted(this::run);
  }

  /** Open until the first broker has answered. */
  public DiskGate gate() {
    return gate;
  }

  /** By broker; without those that have not answered for a while. */
  public List<LogDir> known() {
    return known;
  }

  @Override
  public void close() {
    looking.interrupt();
    admin.close(Duration.ZERO);
  }

  private void run() {
    try {
      while (true) {
        lookOnce();
        Thread.sleep(EVERY);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  /** A look that fails leaves the gate as it is; the next one may succeed. */
  private void lookOnce() {
    try {
      look();
    } catch (RuntimeException defect) {
      LOG.error("the brokers' disks could not be looked at", defect);
    }
  }

  private void look() {
    BrokerDisks.Answer answer = BrokerDisks.ask(admin, ANSWER_WAIT);
    if (Thread.currentThread().isInterrupted()) {
      return;
    }
    readings = readings.next(answer.dirs(), System.nanoTime());
    known = readings.known();
    DiskGate next = DiskGate.decide(gate, known, limitBytes.getAsLong());
    tell(next);
    gate = next;
    seen.accept(known);
    // Again only when something else cannot be read: a broker may be away for hours.
    if (!answer.unseen().isEmpty() && !answer.unseen().equals(unseen)) {
      LOG.warn(
          "{}; its free space is not watched meanwhile (the right DESCRIBE on the cluster is needed)",
          String.join("; ", answer.unseen()));
    }
    unseen = answer.unseen();
  }

  private void tell(DiskGate next) {
    Optional<String> before = gate.refusal();
    Optional<String> after = next.refusal();
    if (before.isEmpty() && after.isPresent()) {
      LOG.warn("new mail is refused: {}; free space there", after.get());
    }
    if (before.isPresent() && after.isEmpty()) {
      LOG.info("new mail is taken again: there is space");
    }
  }
}
