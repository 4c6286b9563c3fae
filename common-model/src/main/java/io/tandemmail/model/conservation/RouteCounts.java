package io.tandemmail.model.conservation;

import java.time.Instant;

/**
 * What one partition of the router has counted of a route since the beginning. Messages, not recipients.
 *
 * @param accepted admitted once each
 * @param delivered every recipient delivered
 * @param failed ended, at least one recipient not delivered
 * @param scheduled waiting in the router for their time
 */
public record RouteCounts(
    String route,
    int partition,
    long accepted,
    long delivered,
    long failed,
    long scheduled,
    Instant at) {}
