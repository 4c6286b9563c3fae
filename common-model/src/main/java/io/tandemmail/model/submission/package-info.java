/**
 * What users hand in, and what the pipeline needs to know of it.
 *
 * <p>In: record key, headers and value bytes as submitted. Out: {@code MessageFacts} or every problem found, with the
 * field's name and the remedy. The value bytes are never changed or re-encoded.
 */
@PureCore
@NullMarked
package io.tandemmail.model.submission;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
