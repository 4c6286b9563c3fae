/**
 * The sender worker as a service: one {@code WorkerService} per process, any number in one consumer group. In the order a
 * message travels: {@code LaneIntake}, {@code worker.gate}, {@code worker.compose}, {@code smtp}, {@code
 * worker.policy}, and {@code worker.delivery}'s recorder.
 */
@NullMarked
package io.tandemmail.worker;

import org.jspecify.annotations.NullMarked;
