/**
 * The life of a message as the router sees it: admitted, placed, given back, placed again, ended.
 *
 * <p>In: a record's facts, what is known of its id, the health of servers, the time. Out: a {@code Decision}: what to
 * remember and what to append. {@code router.topology} does both in one Kafka transaction.
 *
 * <p>Always: an id is admitted once in 24 hours; a recipient with a final outcome is never routed again; a recipient
 * without one is in a lane, in the schedule or on its way between, and a return routes it only if it was placed nowhere
 * else since ({@link MessageState}).
 */
@PureCore
@NullMarked
package io.tandemmail.router.life;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
