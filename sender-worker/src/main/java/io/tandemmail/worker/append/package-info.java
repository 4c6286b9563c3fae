/**
 * Appends to Kafka until the broker has it.
 *
 * <p>In: records. Out: their acknowledgement, to whoever asked. Always: what is repeated stays repeated until it is there
 * or the worker ends; nobody waits for it on a thread of a connection.
 */
@NullMarked
package io.tandemmail.worker.append;

import org.jspecify.annotations.NullMarked;
