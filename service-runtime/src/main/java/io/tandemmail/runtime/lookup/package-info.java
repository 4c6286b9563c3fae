/** What the routers know of a message, for whoever is asked: the ingest service, the bounce mailbox, the console. */
@NullMarked
package io.tandemmail.runtime.lookup;

import org.jspecify.annotations.NullMarked;
