/**
 * SMTP on blocking sockets for virtual threads: replies are parsed by a machine that never sees a socket, commands are
 * pipelined (RFC 2920), the message's bytes go out as they are with dots stuffed on the way.
 *
 * <p>Always: one deadline and one budget per reply; no reply is credited to the wrong command; a password leaves only over
 * TLS (loopback excepted); a recipient is in doubt exactly when the final dot was handed to the kernel and no reply read.
 */
@NullMarked
package io.tandemmail.smtp.engine;

import org.jspecify.annotations.NullMarked;
