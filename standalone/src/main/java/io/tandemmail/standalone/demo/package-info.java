/**
 * The demo: a whole Tandem, two sinks, a primary that dies and comes back. The counts it reports are the sinks', which
 * record before they reply; the pipeline's own word counts for nothing here.
 */
@NullMarked
package io.tandemmail.standalone.demo;

import org.jspecify.annotations.NullMarked;
