/**
 * An SMTP server that records what it takes before it says so, and misbehaves on demand: the witness of the demo and the
 * tests. It never relays.
 */
@NullMarked
package io.tandemmail.sink;

import org.jspecify.annotations.NullMarked;
