/**
 * What a worker knows of a lane partition it owns: which records are in flight, how far it may commit, which attempts a
 * predecessor has already recorded. No Kafka calls here except the ledger's reading.
 */
@NullMarked
package io.tandemmail.worker.lane;

import org.jspecify.annotations.NullMarked;
