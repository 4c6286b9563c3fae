package io.tandemmail.ingest;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.tandemmail.model.disk.DiskGate;
import io.tandemmail.model.disk.LogDir;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** What the brokers' disks have left, and whether that is enough. A broker that cannot be asked has no value. */
final class DiskMeters {
  private final MeterRegistry registry;
  private final MultiGauge usable;
  private final MultiGauge total;

  DiskMeters(MeterRegistry registry) {
    this.registry = registry;
    usable =
        MultiGauge.builder("tandem.broker.disk.usable.bytes")
            .description("Free space below a broker's log folder, where it has least")
            .register(registry);
    total =
        MultiGauge.builder("tandem.broker.disk.total.bytes")
            .description("Size of that disk")
            .register(registry);
  }

  void watch(Supplier<DiskGate> gate) {
    Gauge.builder("tandem.ingest.open", gate, asked -> asked.get() instanceof DiskGate.Open ? 1 : 0)
        .description("1: new mail is taken; 0: a broker's disk is short of space")
        .strongReference(true)
        .register(registry);
  }

  /** Of a broker with several log folders the one with the least space. */
  void show(List<LogDir> known) {
    Map<Integer, LogDir> shortest = new TreeMap<>();
    known.forEach(dir ->
        shortest.merge(dir.broker(), dir, (a, b) -> a.usableBytes() <= b.usableBytes() ? a : b));
    usable.register(rows(shortest.values(), LogDir::usableBytes), true);
    total.register(rows(shortest.values(), LogDir::totalBytes), true);
  }

  private static List<MultiGauge.Row<?>> rows(
      Collection<LogDir> dirs, ToLongFunction<LogDir> bytes) {
    return dirs.stream()
        .<MultiGauge.Row<?>>map(dir ->
            MultiGauge.Row.of(
                Tags.of("broker", Integer.toString(dir.broker())), bytes.applyAsLong(dir)))
        .toList();
  }
}
