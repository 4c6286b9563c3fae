/**
 * Asks what {@code model.parity} compares: surveys the servers of a route and looks up the records of its domains. Acts; decides
 * nothing. {@link io.tandemmail.parity.ParityCheck} is the one way in, for {@code tandem check}, for the worker's continuous
 * watch and for whoever wants to know before moving mail.
 *
 * <p>Always: a survey carries no mail; every question has a deadline; a server or resolver that does not answer is a fact.
 */
@NullMarked
package io.tandemmail.parity;

import org.jspecify.annotations.NullMarked;
