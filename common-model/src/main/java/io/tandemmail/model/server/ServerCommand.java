package io.tandemmail.model.server;

import java.time.Instant;

/** An operator's order for a server, on {@code mail.server-commands}, with who gave it and why. */
public record ServerCommand(String server, ServerMode mode, String by, String why, Instant at) {}
