/**
 * Which requests a web page somewhere else may have sent, and so are refused.
 *
 * <p>The console asks for no password: whoever reaches it may give orders. A browser reaches what its user reaches, and any
 * page can make it send requests. In: method and headers. Out: the refusal, or nothing. Always: what is no browser (curl,
 * scripts, Prometheus) is refused for its {@code Host} or its content type only.
 */
@PureCore
@NullMarked
package io.tandemmail.console.browser;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
