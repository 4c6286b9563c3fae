/**
 * What {@code tandem standalone} does first when the machine may have lost power: of the files on its one disk only those of
 * {@code mail.submitted} are sure to be as young as what was answered; each other may be older, and each by another amount.
 *
 * <p>In: a broker that answers, no service yet. Out: topics without open transactions, a router that has forgotten
 * everything, lanes that nobody reads what stands in, and on {@code mail.returned} what {@code router.reconcile} found. May be
 * done again at any time before the services start.
 *
 * <p>Kept as they are found: {@code mail.outcomes}, {@code mail.rejected}, the suppression list, the operators' orders, and
 * what is not Tandem's.
 */
@NullMarked
package io.tandemmail.standalone.powerloss;

import org.jspecify.annotations.NullMarked;
