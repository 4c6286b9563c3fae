/**
 * JSON submissions as RFC 5322 messages. Composed at sending, by Jakarta Mail, and always to the same bytes: Message-ID,
 * Date and boundaries come from the id and the submission's time, so every attempt sends the same message. Whatever is sent,
 * composed here or not, is signed here last ({@code worker.dkim}).
 */
@NullMarked
package io.tandemmail.worker.compose;

import org.jspecify.annotations.NullMarked;
