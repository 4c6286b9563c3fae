package io.tandemmail.worker.watch;

import io.tandemmail.model.server.ServerObservation;
import io.tandemmail.model.server.ServerObservation.Kind;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** Counts for one server since the last report. */
public final class ServerWatch {
  private final String server;
  private final String reporter;
  private final Consumer<ServerObservation> report;
  private int succeeded;
  private int failed;
  private int failedInARow;
  private String lastFault = "";
  private volatile long lastSuccessNanos = System.nanoTime() - Long.MAX_VALUE / 2;

  public ServerWatch(String server, String reporter, Consumer<ServerObservation> report) {
    this.server = server;
    this.reporter = reporter;
    this.report = report;
  }

  /** The server answered as a healthy one does. The first success after faults is told at once. */
  public void succeeded(Kind kind) {
    lastSuccessNanos = System.nanoTime();
    Optional<ServerObservation> news = Optional.empty();
    synchronized (this) {
      succeeded++;
      boolean recovered = failedInARow > 0;
      failedInARow = 0;
      if (recovered || kind == Kind.PROBE) {
        news = Optional.of(take(kind));
      }
    }
    news.ifPresent(report);
  }

  /** The server is at fault; never called for what a reply says about a recipient. */
  public void failed(Kind kind, String fault) {
    ServerObservation news;
    synchronized (this) {
      failed++;
      failedInARow++;
      lastFault = fault;
      news = take(kind);
    }
    report.accept(news);
  }

  /** Reports what has gathered; nothing if nothing has. */
  public void flush() {
    Optional<ServerObservation> news = Optional.empty();
    synchronized (this) {
      if (succeeded > 0 || failed > 0) {
        news = Optional.of(take(Kind.PASSIVE));
      }
    }
    news.ifPresent(report);
  }

  /** Traffic is proof enough: a server that just delivered needs no probe. */
  public boolean succeededWithin(long nanos) {
    return System.nanoTime() - lastSuccessNanos < nanos;
  }

  private ServerObservation take(Kind kind) {
    ServerObservation seen =
        new ServerObservation(
            server,
            reporter,
            Instant.now(),
            kind,
            succeeded,
            failed,
            failedInARow,
            failedInARow > 0 ? lastFault : "");
    succeeded = 0;
    failed = 0;
    return seen;
  }
}
