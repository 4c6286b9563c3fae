/**
 * Submits mail as users do and keeps a log of what was accepted.
 *
 * <p>In: a seed and a number. Out: messages through both ingests and through a Kafka producer, and {@code accepted.jsonl}.
 * Always: an id is in the log only after its 2xx or acknowledgement; what was not answered is submitted again under the same id.
 */
@NullMarked
package io.tandemmail.torture.load;

import org.jspecify.annotations.NullMarked;
