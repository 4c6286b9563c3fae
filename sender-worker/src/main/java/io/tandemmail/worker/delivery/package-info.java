/**
 * Delivering: records wait in a bounded queue per server, one virtual thread per connection takes them through the send
 * gate to SMTP, and what became of them is recorded before anything is forgotten. Acts; decides nothing: that is done by
 * {@code worker.gate} and {@code worker.policy}.
 *
 * <p>Always: a permit is held from MAIL until the broker has the outcome (I2); a failure to record never causes another
 * send; a returned message is written before its outcome.
 */
@NullMarked
package io.tandemmail.worker.delivery;

import org.jspecify.annotations.NullMarked;
