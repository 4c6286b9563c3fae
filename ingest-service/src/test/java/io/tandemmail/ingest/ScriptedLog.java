package io.tandemmail.ingest;

import io.tandemmail.model.wire.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Keeps what it is given, or refuses when told to. */
final class ScriptedLog implements SubmissionLog {
  final List<Appended> appended = new ArrayList<>();
  volatile boolean failing;

  record Appended(String id, Headers headers, byte[] value) {}

  @Override
  public synchronized CompletableFuture<Void> append(String id, Headers headers, byte[] value) {
    if (failing) {
      return CompletableFuture.failedFuture(new IllegalStateException("no broker"));
    }
    appended.add(new Appended(id, headers, value));
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void close() {}
}
