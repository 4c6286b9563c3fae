/**
 * Health of mail servers: what workers observe, what operators order, what the cluster believes.
 */
@PureCore
@NullMarked
package io.tandemmail.model.server;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
