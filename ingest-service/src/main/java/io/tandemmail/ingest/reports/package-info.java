/**
 * The bounce mailbox: what {@code ingest.bounce} reads becomes records. In: reports that the SMTP listener took. Out: events on
 * {@code mail.outcomes} and entries on {@code mail.suppressions}, the same that {@code tandem bounce} makes (docs/bounces.md),
 * and a reply only after the broker has them.
 *
 * <p>Only a mailbox that cannot ask or cannot write defers a report. Everything else is taken, also what is no report: whoever
 * sends here is a machine that would give up its reports rather than mend them.
 */
@NullMarked
package io.tandemmail.ingest.reports;

import org.jspecify.annotations.NullMarked;
