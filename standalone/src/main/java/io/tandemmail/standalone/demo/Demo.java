package io.tandemmail.standalone.demo;

import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.SinkConfig;
import io.tandemmail.standalone.Cluster;
import io.tandemmail.standalone.TemporaryFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells the story on the terminal; see the package comment for whose counts are told. */
public final class Demo {
  /** How much more is fed between the primary's death and its return. */
  private static final int DEAD_PERCENT = 20;

  private static final Duration ARRIVAL_WAIT = Duration.ofSeconds(60);

  private final DemoOptions options;
  private final PrintStream out;
  private final Witness witness = new Witness();
  private long startNanos;

  public Demo(DemoOptions options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  public DemoReport run() throws IOException, InterruptedException {
    out.println("Starting Kafka, ingest, router, worker and two mail sinks in one process …");
    try (TemporaryFolder folder = TemporaryFolder.create("tandem-demo-");
        MailSink primary = MailSink.start(SinkConfig.named("primary"), witness.atPrimary());
        MailSink secondary = MailSink.start(SinkConfig.named("secondary"), witness.atSecondary());
        Cluster cluster =
            Cluster.start(settings(folder.path(), primary.port(), secondary.port()))) {
      out.printf(
          "Ready. Feeding %,d messages of 4 KiB, %,d per second.%n",
          options.messages(), options.pacePerSecond());
      DemoReport report = tell(cluster, primary);
      out.print(report.text());
      if (options.hold()) {
        out.println(
            "Holding. Submit at "
                + cluster.ingestUrl()
                + ", console at "
                + cluster.consoleUrl()
                + "; Ctrl-C ends.");
        new CountDownLatch(1).await();
      }
      return report;
    }
  }

  private DemoReport tell(Cluster cluster, MailSink primary)
      throws IOException, InterruptedException {
    startNanos = System.nanoTime();
    int killAt = options.messages() * options.failAtPercent() / 100;
    int returnAt = Math.min(options.messages(), killAt + options.messages() * DEAD_PERCENT / 100);
    boolean killed = false;
    boolean returned = false;
    try (Feed feed =
        Feed.start(cluster.settings().get().kafka(), options.messages(), options.pacePerSecond())) {
      long toldNanos = startNanos;
      while (!feed.isDone()) {
        TimeUnit.MILLISECONDS.sleep(10);
        if (!killed && feed.accepted() >= killAt) {
          killed = true;
          say("the primary dies");
          witness.primaryKilled();
          primary.stop();
        }
        if (killed && !returned && feed.accepted() >= returnAt) {
          returned = true;
          bringBack(primary);
        }
        if (System.nanoTime() - toldNanos > 1_000_000_000L) {
          toldNanos = System.nanoTime();
          progress(feed.accepted());
        }
      }
      feed.awaitAcknowledged();
      if (!returned) {
        bringBack(primary);
      }
      awaitArrivals(feed.accepted());
      return report(feed.accepted());
    }
  }

  private void bringBack(MailSink primary) throws IOException {
    say("the primary comes back");
    witness.primaryReturned();
    primary.restart();
  }

  private void awaitArrivals(long accepted) throws InterruptedException {
    long quietSince = System.nanoTime();
    long seen = -1;
    long toldNanos = quietSince;
    while (witness.distinct() < accepted
        && System.nanoTime() - quietSince < ARRIVAL_WAIT.toNanos()) {
      TimeUnit.MILLISECONDS.sleep(20);
      if (witness.distinct() != seen) {
        seen = witness.distinct();
        quietSince = System.nanoTime();
      }
      if (System.nanoTime() - toldNanos > 1_000_000_000L) {
        toldNanos = System.nanoTime();
        progress(accepted);
      }
    }
    progress(accepted);
    // A second copy would come now or never: everything has arrived, and retries are due within two
    // seconds.
    TimeUnit.SECONDS.sleep(2);
  }

  private DemoReport report(long accepted) {
    Map<String, Long> by =
        new TreeMap<>(Map.of("primary", witness.primary(), "secondary", witness.secondary()));
    double seconds = (System.nanoTime() - startNanos) / 1e9 - 2;
    return new DemoReport(
        accepted,
        witness.distinct(),
        by,
        accepted - witness.distinct(),
        witness.duplicates(),
        witness.failoverMillis(),
        witness.failbackMillis(),
        witness.distinct() / seconds);
  }

  private void progress(long accepted) {
    String story =
        (witness.failedOver() ? "  failover in " + witness.failoverMillis() + " ms" : "")
            + (witness.failedBack() ? "  failback in " + witness.failbackMillis() + " ms" : "");
    say(
        "accepted %,7d   primary %,7d   secondary %,7d%s"
            .formatted(accepted, witness.primary(), witness.secondary(), story));
  }

  private void say(String what) {
    out.printf("%5.1f s  %s%n", (System.nanoTime() - startNanos) / 1e9, what);
  }

  private static Settings settings(Path folder, int primaryPort, int secondaryPort) {
    String yaml =
        """
        kafka:
          bootstrap-servers: embedded
          embedded: { port: 0, data-dir: %s }
          partitions: 8
        ingest: { http: { port: 0 }, min-free-disk: 64MiB }
        console: { port: 0 }
        worker: { ehlo-name: localhost, drain-budget: 5s }
        servers:
          primary: { host: 127.0.0.1, port: %d, tls: none, max-connections: 8, max-messages-per-connection: 1000 }
          secondary: { host: 127.0.0.1, port: %d, tls: none, max-connections: 8, max-messages-per-connection: 1000 }
        routes:
          default: { primary: primary, secondary: secondary }
        # Faster than a production would be, so that the story fits into a minute.
        health: { probe-interval: 250ms, down-after-failures: 3, up-after-successes: 2, ramp: 2s, cool-down: 1s..10s }
        """
            .formatted(folder, primaryPort, secondaryPort);
    return switch (SettingsReader.read("demo", yaml, Map.of())) {
      case SettingsResult.Valid valid -> valid.settings();
      case SettingsResult.Invalid invalid ->
          throw new IllegalStateException(invalid.problems().toString());
    };
  }
}
