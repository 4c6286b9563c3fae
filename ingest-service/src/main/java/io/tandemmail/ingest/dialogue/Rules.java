package io.tandemmail.ingest.dialogue;

import io.tandemmail.model.settings.SmtpSettings.BounceAddress;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What holds for every connection of a listener.
 *
 * @param name in the greeting
 * @param noDisk why there is no room for new mail now; empty while there is
 * @param keys tells an API key from another text; absent: none has to be shown
 */
public record Rules(
    String name,
    int sizeMax,
    int recipientsMax,
    Supplier<Optional<String>> noDisk,
    Optional<Predicate<String>> keys,
    Tls tls,
    Optional<BounceAddress> bounces) {

  /** Whether there is a certificate. */
  public enum Tls {
    NONE,
    OFFERED
  }

  /** Where the client is. What goes over loopback needs no TLS. */
  public enum Peer {
    LOOPBACK,
    REMOTE
  }
}
