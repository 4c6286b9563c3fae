package io.tandemmail.model.service;

import java.time.Instant;

/**
 * A service's sign of life, repeated every few seconds.
 *
 * @param kind {@code ingest}, {@code router}, {@code worker} or {@code console}
 * @param url where its HTTP endpoints answer
 * @param configHash two services with the same hash run the same configuration
 */
public record ServicePresence(
    String instance, String kind, String url, String configHash, String version, Instant at) {}
