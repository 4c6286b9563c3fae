/**
 * From bytes to a durable submission: the same for every way in. In: record headers and a value. Out: a record on
 * {@code mail.submitted}, byte for byte as it came, and an answer only after the broker has it (docs/rules.md, 1). What is
 * refused is refused before anything is written, every reason at once.
 */
@NullMarked
package io.tandemmail.ingest.accept;

import org.jspecify.annotations.NullMarked;
