/**
 * When, if ever, to try a deferred message again. In: attempts, age, the route's schedule. Out: an instant or none.
 */
@PureCore
@NullMarked
package io.tandemmail.model.retry;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
