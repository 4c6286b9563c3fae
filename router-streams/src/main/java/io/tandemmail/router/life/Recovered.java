package io.tandemmail.router.life;

import io.tandemmail.model.submission.LastAttempt;
import io.tandemmail.model.submission.MessageFacts;
import java.util.Optional;

/**
 * A message that was accepted before a power loss, and what its outcomes on disk say of it ({@link Reconciliation}).
 *
 * @param facts of the whole submission; empty when no recipient is open
 * @param last who is in doubt
 */
public record Recovered(MessageState state, Optional<MessageFacts> facts, LastAttempt last) {}
