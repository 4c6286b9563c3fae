/**
 * "Where is this message?" answered from the state store, on whichever router holds the id's partition, and from the
 * message's events, read at the offsets the store remembers.
 */
@NullMarked
package io.tandemmail.router.query;

import org.jspecify.annotations.NullMarked;
