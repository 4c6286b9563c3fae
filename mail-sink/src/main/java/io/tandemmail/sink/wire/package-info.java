/**
 * What the sink reads beside the commands every server knows: mechanisms that check a login, delivery status requests, the key
 * by which a witness knows a message.
 *
 * <p>In: lines and content of a client. Out: values. Nothing here knows what the sink answers.
 */
@NullMarked
package io.tandemmail.sink.wire;

import org.jspecify.annotations.NullMarked;
