package io.tandemmail.runtime.lanes;

import io.tandemmail.model.submission.Role;
import java.util.OptionalDouble;

/**
 * @param lag records not yet committed by the workers
 * @param oldestAgeSeconds of the first of them; 0 when there is none, absent when it could not be read in time
 * @param ratePerSecond commits since the reading before
 * @param drainSeconds lag at that rate; 0 when nothing waits, absent when nothing moves
 */
public record LaneLag(
    String route,
    String server,
    Role role,
    long lag,
    OptionalDouble oldestAgeSeconds,
    double ratePerSecond,
    OptionalDouble drainSeconds) {}
