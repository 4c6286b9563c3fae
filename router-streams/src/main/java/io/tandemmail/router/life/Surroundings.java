package io.tandemmail.router.life;

import io.tandemmail.router.choice.HealthView;

/** What a decision about one message needs to know beyond the message itself. */
public record Surroundings(HealthView health, Suppressions suppressions) {}
