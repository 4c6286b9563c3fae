/**
 * A real Kafka broker inside this process: one KRaft node, its data on disk, reachable by any Kafka client on its port. The
 * only code path that exists in {@code standalone} and not in a cluster.
 */
@NullMarked
package io.tandemmail.standalone.broker;

import org.jspecify.annotations.NullMarked;
