/** What a drill makes this worker see; the rest of the worker does not know that it is one. */
@NullMarked
package io.tandemmail.worker.drill;

import org.jspecify.annotations.NullMarked;
