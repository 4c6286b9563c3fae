package io.tandemmail.runtime.presence;

import io.tandemmail.model.service.ServicePresence;
import io.tandemmail.model.service.ServicePresenceJson;
import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.TableReader;
import io.tandemmail.runtime.time.SteadyClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** The services that said so lately. */
public final class ServiceDirectory implements AutoCloseable {
  private final TableReader<ServicePresence> table;

  private ServiceDirectory(TableReader<ServicePresence> table) {
    this.table = table;
  }

  public static ServiceDirectory start(KafkaSettings kafka, String clientId) {
    return new ServiceDirectory(
        TableReader.start(
            kafka, clientId + "-directory", Topics.SERVICES, ServicePresenceJson::read));
  }

  /** All that are alive, by kind and instance. */
  public List<ServicePresence> live() {
    Instant oldest = SteadyClock.now().minus(PresenceBeacon.LIFE);
    return table.snapshot().values().stream()
        .filter(presence -> presence.at().isAfter(oldest))
        .sorted(
            Comparator.comparing(ServicePresence::kind).thenComparing(ServicePresence::instance))
        .toList();
  }

  public List<ServicePresence> live(String kind) {
    return live().stream().filter(presence -> presence.kind().equals(kind)).toList();
  }

  public boolean awaitCaughtUp(Duration within) throws InterruptedException {
    return table.awaitCaughtUp(within);
  }

  @Override
  public void close() {
    table.close();
  }
}
