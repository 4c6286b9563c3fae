/**
 * The SMTP client's side of RFC 5321 as machines that never see a socket. In: replies. Out: command bytes, when to write the
 * content, and a result per recipient with the phase that settled it.
 *
 * <p>{@code Opening} leads a connection from the greeting to ready for mail; {@code MailExchange} leads it through mail
 * transactions. The shell around them ({@code smtp.engine}) only moves bytes and keeps deadlines.
 *
 * <p>Always: no reply is credited to the wrong command; nothing is judged; a recipient is in doubt exactly when the last
 * byte of its message may have been sent and no reply to it was read; a password leaves only over TLS (loopback excepted).
 */
@PureCore
@NullMarked
package io.tandemmail.smtp.protocol;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
