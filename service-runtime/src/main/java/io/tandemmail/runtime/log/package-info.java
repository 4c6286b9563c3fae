/** How services speak of what goes on for long. */
@NullMarked
package io.tandemmail.runtime.log;

import org.jspecify.annotations.NullMarked;
