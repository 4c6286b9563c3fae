/** What waits in each lane, as the broker says it, so that every Kafka tool shows the same numbers. */
@NullMarked
package io.tandemmail.runtime.lanes;

import org.jspecify.annotations.NullMarked;
