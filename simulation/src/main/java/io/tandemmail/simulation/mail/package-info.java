/** The model of a mail server: it records before it replies, and misbehaves as told. */
@NullMarked
package io.tandemmail.simulation.mail;

import org.jspecify.annotations.NullMarked;
