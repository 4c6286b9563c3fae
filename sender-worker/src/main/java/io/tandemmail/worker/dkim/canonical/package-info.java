/**
 * What a DKIM signature is taken over (RFC 6376 sections 3.4, 3.5, 3.7 and 5.4): the fields of a message as they stand in its
 * bytes, their relaxed canonical form, which of them are signed, the domain they are signed for, and the text of the
 * DKIM-Signature field.
 *
 * <p>In: the bytes that will be sent. Out: the bytes to be signed and the field that carries the signature. The message is
 * never decoded, re-encoded or copied whole: what a verifier hashes is what is hashed here.
 *
 * <p>Always: whatever the bytes are, there is an answer; a line that is no field is skipped, never guessed at.
 */
@PureCore
@NullMarked
package io.tandemmail.worker.dkim.canonical;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
