/**
 * Names of topics and headers, and the partition a message calls home. docs/contract.md: users depend on each of these.
 */
@PureCore
@NullMarked
package io.tandemmail.model.wire;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
