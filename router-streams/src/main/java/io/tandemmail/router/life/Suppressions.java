package io.tandemmail.router.life;

import io.tandemmail.model.suppression.Suppression;
import java.util.Optional;

/** The suppression list, as the decision needs it. */
@FunctionalInterface
public interface Suppressions {
  /** The entry that keeps mail from this address. */
  Optional<Suppression> of(String recipient);
}
