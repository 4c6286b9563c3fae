/**
 * The {@code tandem} program: every command, the embedded broker, the demo. The only module that sees all others; the
 * commands are in {@code command}, one class each, in the order docs/contract.md lists them.
 */
@NullMarked
package io.tandemmail.standalone;

import org.jspecify.annotations.NullMarked;
