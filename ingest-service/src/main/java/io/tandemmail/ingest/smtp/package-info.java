/**
 * The way in by SMTP: sockets around {@code ingest.dialogue}. In: connections. Out: mail for the {@link
 * io.tandemmail.ingest.smtp.Desk}, whose reply is the client's.
 *
 * <p>One virtual thread per connection, a bounded number of them. What a connection keeps in memory beyond 64 KiB comes from
 * the room that HTTP bodies have, too. No wait is endless: reads, contents, handshakes and writes have their times. A
 * connection that fails loses itself only.
 */
@NullMarked
package io.tandemmail.ingest.smtp;

import org.jspecify.annotations.NullMarked;
