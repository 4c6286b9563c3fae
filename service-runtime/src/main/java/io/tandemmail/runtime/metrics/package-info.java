/** Micrometer, exposed to Prometheus. Never an address, a subject or an id in a label. */
@NullMarked
package io.tandemmail.runtime.metrics;

import org.jspecify.annotations.NullMarked;
