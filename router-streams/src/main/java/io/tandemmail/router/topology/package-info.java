/**
 * The Kafka Streams shell around the router's decisions: reads, asks {@code router.life} and {@code router.health}, and
 * appends what they answer in the same transaction ({@code exactly_once_v2}).
 *
 * <p>Two sub-topologies. The first reads {@code mail.submitted}, {@code mail.returned} and {@code mail.outcomes}, all with
 * the same partitions, so that everything known of a message is local to one task. The second folds observations and
 * orders into {@code mail.server-health}, which every router reads back as a global table, and appends each change to
 * {@code mail.server-health-history} as well.
 *
 * <p>No mail policy here. A record that cannot be read goes to {@code mail.rejected} with its bytes and stops nothing.
 */
@NullMarked
package io.tandemmail.router.topology;

import org.jspecify.annotations.NullMarked;
