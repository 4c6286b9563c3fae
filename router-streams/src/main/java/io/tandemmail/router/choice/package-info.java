/**
 * Which server takes a message. In: the route, the health of its servers, the message's id, the server to avoid. Out: one assignment.
 *
 * <p>Always: the same inputs give the same server, so reprocessing decides as before; a message is never left without an
 * assignment.
 */
@PureCore
@NullMarked
package io.tandemmail.router.choice;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
