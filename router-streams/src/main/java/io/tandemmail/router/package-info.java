/**
 * The router as a service: one {@code RouterService} per process, any number in a cluster. It reads submissions, returned
 * mail, outcomes and health reports, and decides; see {@code router.life} and {@code router.health} for what.
 */
@NullMarked
package io.tandemmail.router;

import org.jspecify.annotations.NullMarked;
