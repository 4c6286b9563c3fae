/**
 * What the DNS says, as values: an answer, a way to ask, an address. Pure: asking is done by whoever implements
 * {@link io.tandemmail.model.dns.DnsView}.
 */
@PureCore
@NullMarked
package io.tandemmail.model.dns;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
