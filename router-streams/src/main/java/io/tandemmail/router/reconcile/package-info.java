/**
 * After a power loss: {@code mail.submitted} and {@code mail.outcomes} are read beside each other, and what they say of each
 * submission is appended to {@code mail.returned}, where a router that has forgotten everything takes it in.
 *
 * <p>In: where both topics end. Out: one record per submission on its home partition: not begun, as it was submitted; begun,
 * with its state and, while a recipient is open, its bytes. What is open is decided by {@code router.life.Reconciliation};
 * no mail policy here.
 */
@NullMarked
package io.tandemmail.router.reconcile;

import org.jspecify.annotations.NullMarked;
