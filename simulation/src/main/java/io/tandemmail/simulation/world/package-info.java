/** What everybody in a simulated world shares: its time, its chance, Kafka's logs, the rules that hold. */
@NullMarked
package io.tandemmail.simulation.world;

import org.jspecify.annotations.NullMarked;
