package io.tandemmail.ingest.reports;

import io.tandemmail.ingest.bounce.LateEvents;
import io.tandemmail.model.suppression.Suppression;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Where the events of reports go. */
public interface EventLog extends AutoCloseable {
  /** Completes when they are durable, fails when that cannot be said in time. */
  CompletableFuture<Void> append(LateEvents events, List<Suppression> entries);

  @Override
  void close();
}
