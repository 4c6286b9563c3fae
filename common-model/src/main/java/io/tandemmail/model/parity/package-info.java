/**
 * Whether the servers of a route are alike enough to stand in for each other (docs/parity.md). In: the route, what each server
 * said and showed, what the DNS says of the route's domains, the time. Out: findings, each with a reason and a remedy.
 *
 * <p>Always: what could not be seen is a finding of its own and never read as a difference; what the servers' certificates
 * are worth was decided by the TLS of this machine, here it is only explained; {@link
 * io.tandemmail.model.parity.Eligibility} is the one opinion of router and workers on whom drift keeps from mail (I8).
 */
@PureCore
@NullMarked
package io.tandemmail.model.parity;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
