/**
 * Late binding: just before an attempt, may this message still go to this server? In: the message, its lane's route and
 * server, health, time. Out: send, give back, or hold.
 *
 * <p>Always: mail is given back only when another server can take it, so it never wanders; nothing is sent to a server out
 * of service, nor to a secondary that drift bars (the router asks the same {@code model.parity.Eligibility}); nothing is sent past its time.
 */
@PureCore
@NullMarked
package io.tandemmail.worker.gate;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
