/**
 * JSON submissions as RFC 5322 messages. Composed at sending, and always to the same bytes: Message-ID, Date and boundaries
 * come from the id and the submission's time, everything else from the submission and the route's {@code OwedHeaders}. No
 * time zone, locale, system property or earlier message has a say, so every attempt, by whichever worker, sends the same
 * message.
 *
 * <p>Always: ASCII, except in addresses that are not; lines of at most 998 octets, header lines of 78 where their tokens let
 * them; nothing from the submission can end a header line or a boundary. Jakarta Mail would compose too; it takes charsets and
 * encodings of parameters from System properties, does not bound lines and costs several times as much (see the tests, which
 * read the messages back with it).
 */
@PureCore
@NullMarked
package io.tandemmail.worker.compose;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
