/**
 * The engine as a Jakarta Mail provider: {@code session.getTransport("tandem-smtp")}, set up by the properties that Jakarta Mail
 * programs know from SMTP. What differs from Angus's own transport stands in docs/jakarta-mail.md, and is tested against it.
 */
@NullMarked
package io.tandemmail.smtp.jakarta;

import org.jspecify.annotations.NullMarked;
