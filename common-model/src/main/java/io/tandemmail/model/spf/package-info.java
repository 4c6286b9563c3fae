/**
 * Whether a domain's SPF record lets an address send its mail (RFC 7208). In: a domain, an address, a way to ask the DNS.
 * Out: a verdict and the term that brought it about.
 *
 * <p>Always: at most ten terms that ask the DNS are followed and at most two of them find nothing (section 4.6.4), so that
 * no record can keep the caller busy. Macros (section 7) are not expanded: where the verdict hangs on one it says so.
 */
@PureCore
@NullMarked
package io.tandemmail.model.spf;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
