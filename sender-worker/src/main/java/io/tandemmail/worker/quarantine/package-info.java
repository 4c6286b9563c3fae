/**
 * Which records of a lane partition may be what killed its owners, and how the next owner sends these.
 *
 * <p>In: what the last owner left beside its committed offset. Out: whom to suspect, how many to send at a time, whom to give
 * back unsent. Nothing here sends or commits. Why it is done this way: docs/decisions/0006-quarantine.md.
 *
 * <p>Always: only a record that was in hand at three deaths in a row, at the last of them alone, is accused.
 */
@PureCore
@NullMarked
package io.tandemmail.worker.quarantine;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
