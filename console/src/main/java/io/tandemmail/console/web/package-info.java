/**
 * The console over HTTP: the page, what it shows as JSON, the stream of events, and orders.
 *
 * <p>In: requests, of which any may come from a hostile page by way of the operator's browser ({@code console.browser} says
 * which are refused). Out: JSON and events; orders go to {@code mail.server-commands}. Always: no listener of the stream, however
 * slow, holds up another, the readings, or the end of the service.
 */
@NullMarked
package io.tandemmail.console.web;

import org.jspecify.annotations.NullMarked;
