/** The HTTP server every service has: {@code /livez}, {@code /readyz}, {@code /metrics}, and what the service adds. */
@NullMarked
package io.tandemmail.runtime.http;

import org.jspecify.annotations.NullMarked;
