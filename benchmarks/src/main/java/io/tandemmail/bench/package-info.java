/** How fast, beside Postfix and the limit, measured in one run on one machine. */
@NullMarked
package io.tandemmail.bench;

import org.jspecify.annotations.NullMarked;
