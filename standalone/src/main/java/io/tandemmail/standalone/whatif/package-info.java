/**
 * What a configuration would have made of the mail of the last hours. In: accepted messages, the servers' health as it was
 * recorded, a configuration, how long an SMTP transaction takes. Out: figures, in messages and seconds.
 *
 * <p>Two steps. {@code Traffic} turns outcomes into arrivals and {@code Placements} asks {@code router.choice} for each of them,
 * at the health of that moment: this is the code that runs, not a copy of it. {@code Replay} then works the servers' queues
 * off second by second under their caps, and moves what waits for a server that leaves service.
 *
 * <p>Always: the same history and configuration give the same figures; memory depends on the seconds of the window and on
 * routes and servers, not on the number of messages. What is not modelled: docs/what-if.md.
 */
@PureCore
@NullMarked
package io.tandemmail.standalone.whatif;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
