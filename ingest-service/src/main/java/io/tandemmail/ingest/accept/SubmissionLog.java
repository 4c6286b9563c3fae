package io.tandemmail.ingest.accept;

import io.tandemmail.model.wire.Headers;
import java.util.concurrent.CompletableFuture;

/** Where accepted submissions go. Completes when the submission is durable, fails when that cannot be said in time. */
public interface SubmissionLog extends AutoCloseable {
  CompletableFuture<Void> append(String id, Headers headers, byte[] value);

  @Override
  void close();
}
