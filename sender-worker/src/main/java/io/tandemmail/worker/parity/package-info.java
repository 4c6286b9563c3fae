/**
 * The continuous look at the servers of routes (docs/parity.md). In: the settings, which routes are this worker's to look at.
 * Out: a report per server and route on {@code mail.server-observations}; the router makes it part of the server's health.
 *
 * <p>Always: a route is looked at by one worker, the owner of the first partition of its primary's lane; who could not be
 * asked is reported as it was last seen, or not at all, so that an outage does not wipe out what was known.
 */
@NullMarked
package io.tandemmail.worker.parity;

import org.jspecify.annotations.NullMarked;
