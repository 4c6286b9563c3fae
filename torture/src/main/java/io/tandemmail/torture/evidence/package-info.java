/**
 * Reads what was seen: the log of accepted mail, the sinks' logs, the topics of events.
 *
 * <p>In: files and topics of a run that is over. Out: notes for {@link io.tandemmail.torture.check}, which judges.
 */
@NullMarked
package io.tandemmail.torture.evidence;

import org.jspecify.annotations.NullMarked;
