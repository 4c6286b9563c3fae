/** The worker's shell in a simulated world, and the group it belongs to, around the worker's deciding code. */
@NullMarked
package io.tandemmail.simulation.worker;

import org.jspecify.annotations.NullMarked;
