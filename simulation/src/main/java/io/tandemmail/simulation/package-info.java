/** Plays the pipeline's deciding code against faults, one seed at a time (docs/simulation.md). */
@NullMarked
package io.tandemmail.simulation;

import org.jspecify.annotations.NullMarked;
