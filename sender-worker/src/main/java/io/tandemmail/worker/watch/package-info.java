/**
 * What this worker sees of each mail server: faults and successes of its own transactions and of probes, reported to
 * {@code mail.server-observations}. A fault is told at once, the rest twice a second.
 */
@NullMarked
package io.tandemmail.worker.watch;

import org.jspecify.annotations.NullMarked;
