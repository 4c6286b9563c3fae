/** The router's shell in a simulated world: one transaction around {@code MessageLife} and {@code HealthMachine}. */
@NullMarked
package io.tandemmail.simulation.router;

import org.jspecify.annotations.NullMarked;
