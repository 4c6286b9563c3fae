package io.tandemmail.ingest;

import io.tandemmail.model.wire.Headers;
import java.util.concurrent.CompletableFuture;

/** Where accepted submissions go. Completes when the submission is durable, fails when that cannot be said in time. */
interface SubmissionLog extends AutoCloseable {
  CompletableFuture<Void> append(String id, Headers headers, byte[] value);

  @Override
  void close();
}
