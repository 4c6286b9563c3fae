package io.tandemmail.model.settings;

import java.time.Duration;
import java.util.Optional;

/**
 * @param maxUnrecorded deliveries whose outcome the broker has not yet acknowledged; bounds duplicates after a crash (I2)
 * @param drainBudget how long a stopping worker may finish what is in flight
 * @param ehloName what workers call themselves; absent: the host's name
 */
public record WorkerSettings(
    HttpAddress http, int maxUnrecorded, Duration drainBudget, Optional<String> ehloName) {}
