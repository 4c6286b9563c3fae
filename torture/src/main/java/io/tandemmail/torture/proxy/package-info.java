/**
 * A TCP proxy that misbehaves on demand: the network between services, brokers and mail servers.
 *
 * <p>In: where to listen, where to connect, what to do wrong. Out: bytes, late, in pieces, or not at all. Bytes that it lets
 * pass are never changed or put in another order; a connection that lost bytes never passes any again. One virtual thread per
 * direction of a connection.
 */
@NullMarked
package io.tandemmail.torture.proxy;

import org.jspecify.annotations.NullMarked;
