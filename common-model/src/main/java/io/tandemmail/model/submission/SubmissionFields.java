package io.tandemmail.model.submission;

import java.util.List;
import java.util.Optional;

/**
 * What either content type says about a message, read but not yet judged.
 *
 * @param reversePath empty text is the null reverse-path; absent means nobody said
 * @param reversePathField the field to blame for it
 * @param metadata raw JSON object text
 */
record SubmissionFields(
    Optional<String> id,
    Optional<String> route,
    Optional<String> reversePath,
    String reversePathField,
    List<Read> recipients,
    Optional<String> sendAt,
    Optional<String> expiresAt,
    Optional<String> metadata) {

  /** A text and the field it came from, such as {@code cc[2]}. */
  record Read(String field, String text) {}
}
