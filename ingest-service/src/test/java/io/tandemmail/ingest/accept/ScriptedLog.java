package io.tandemmail.ingest.accept;

import io.tandemmail.model.wire.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Keeps what it is given, or refuses when told to. */
public final class ScriptedLog implements SubmissionLog {
  public final List<Appended> appended = new ArrayList<>();
  public final List<CompletableFuture<Void>> held = new ArrayList<>();
  public volatile boolean failing;
  public volatile boolean broken;

  /** Keeps what it is given to itself until told that it is durable. */
  public volatile boolean holding;

  public int heldMax;

  public record Appended(String id, Headers headers, byte[] value) {}

  @Override
  public synchronized CompletableFuture<Void> append(String id, Headers headers, byte[] value) {
    if (failing) {
      return CompletableFuture.failedFuture(new IllegalStateException("no broker"));
    }
    if (broken) {
      throw new IllegalArgumentException("a defect, with its stack trace");
    }
    appended.add(new Appended(id, headers, value));
    if (holding) {
      CompletableFuture<Void> durable = new CompletableFuture<>();
      held.add(durable);
      heldMax = Math.max(heldMax, held.size());
      notifyAll();
      return durable;
    }
    return CompletableFuture.completedFuture(null);
  }

  public synchronized void awaitHeld(int count) throws InterruptedException {
    while (held.size() < count) {
      wait();
    }
  }

  /** Holding no longer. */
  public synchronized void release() {
    holding = false;
    held.forEach(durable -> durable.complete(null));
    held.clear();
  }

  public synchronized void release(int index) {
    held.get(index).complete(null);
  }

  @Override
  public void close() {}
}
