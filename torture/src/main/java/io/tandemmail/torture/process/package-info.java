/**
 * Programs in processes of their own, that can be killed, stopped and started again: brokers, services, sinks.
 *
 * <p>In: a distribution and a folder. Out: processes, their output in {@code NAME.log} of that folder. What dies and when is
 * decided elsewhere.
 */
@NullMarked
package io.tandemmail.torture.process;

import org.jspecify.annotations.NullMarked;
