package io.tandemmail.sink;

import java.time.Instant;
import java.util.List;

/**
 * What the sink took.
 *
 * @param key of the message: its X-Tandem-Key header, else its Message-ID, else empty
 * @param content dot-unstuffed
 */
public record ReceivedMessage(
    String key, String reversePath, List<String> recipients, Instant at, byte[] content) {}
