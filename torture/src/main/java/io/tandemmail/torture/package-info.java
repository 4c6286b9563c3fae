/**
 * The fault suite: {@code tandem torture}.
 *
 * <p>{@code plan} says what goes wrong and when, {@code rig} is the cluster, {@code load} submits, {@code inject} breaks,
 * {@code evidence} reads what was seen, {@code check} judges it. docs/reliability.md says what was found.
 */
@NullMarked
package io.tandemmail.torture;

import org.jspecify.annotations.NullMarked;
