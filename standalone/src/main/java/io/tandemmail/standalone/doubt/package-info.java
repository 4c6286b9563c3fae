/** What is known of deliveries whose reply to the final dot never came. */
@PureCore
@NullMarked
package io.tandemmail.standalone.doubt;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
