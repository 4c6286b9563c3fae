/**
 * The way in by HTTP. In: requests. Out: records on {@code mail.submitted}, byte for byte as they came, and an answer only
 * after the broker has them (docs/rules.md, 1). What is refused is refused before anything is written, every reason at once.
 */
@NullMarked
package io.tandemmail.ingest;

import org.jspecify.annotations.NullMarked;
