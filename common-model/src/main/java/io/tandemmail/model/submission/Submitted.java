package io.tandemmail.model.submission;

import io.tandemmail.model.wire.Headers;
import java.time.Instant;
import java.util.Optional;

/**
 * A submission as it arrived, before anything is known of it.
 *
 * @param partition and {@code offset}: where it stands in {@code mail.submitted}; an id is derived from them when none is
 *     given (ingest always gives one)
 */
public record Submitted(
    Optional<String> key,
    Headers headers,
    byte[] value,
    int partition,
    long offset,
    Instant submittedAt) {}
