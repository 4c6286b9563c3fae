/**
 * DKIM signing (RFC 6376, RFC 8463): every message of a route that has keys is signed, just before it is sent, with each key
 * whose domain is its author's or a parent of it, so that DMARC's relaxed alignment holds. What is signed is decided in
 * {@code worker.dkim.canonical}; here are the keys and the cryptography.
 *
 * <p>Always: key files are read once, at the start, and everything wrong with them is told at once; no key material leaves
 * this package, not in a message, not in a log; a signature depends on nothing but the message, the key and the time of
 * submission, so every attempt sends the same bytes.
 */
@NullMarked
package io.tandemmail.worker.dkim;

import org.jspecify.annotations.NullMarked;
