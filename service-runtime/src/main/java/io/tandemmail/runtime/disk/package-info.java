/**
 * How much room the brokers have. Asks them every two seconds (KIP-827) and keeps what {@link
 * io.tandemmail.model.disk.DiskGate} makes of the answers, so that nobody who submits mail waits for a question to a broker.
 */
@NullMarked
package io.tandemmail.runtime.disk;

import org.jspecify.annotations.NullMarked;
