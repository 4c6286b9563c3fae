/**
 * Kafka clients with the settings the promises depend on: acknowledged by all in-sync replicas, idempotent, never
 * auto-committing, never reading uncommitted records, never starting silently at the end of a topic.
 */
@NullMarked
package io.tandemmail.runtime.kafka;

import org.jspecify.annotations.NullMarked;
