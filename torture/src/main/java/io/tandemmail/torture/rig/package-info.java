/**
 * The cluster under test: three brokers, two ingests, two routers, three workers and two mail sinks, each a process, with a
 * proxy on every way that a fault may want to break.
 *
 * <p>In: a folder and a distribution. Out: handles to break and mend each part. What is broken and when is decided elsewhere.
 */
@NullMarked
package io.tandemmail.torture.rig;

import org.jspecify.annotations.NullMarked;
