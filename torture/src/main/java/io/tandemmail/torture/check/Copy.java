package io.tandemmail.torture.check;

import java.time.Instant;
import java.util.List;

/**
 * A message that a sink took.
 *
 * @param client as the worker named itself in EHLO
 * @param sha256 of the content, its Message-ID included
 */
public record Copy(
    String id, List<String> recipients, String sink, String client, Instant at, String sha256) {}
