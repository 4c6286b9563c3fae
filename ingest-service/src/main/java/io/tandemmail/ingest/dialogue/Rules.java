package io.tandemmail.ingest.dialogue;

import io.tandemmail.model.settings.SmtpSettings.BounceAddress;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What holds for every connection of a listener.
 *
 * @param name in the greeting
 * @param keys tells an API key from another text; absent: none has to be shown
 */
public record Rules(
    String name,
    int sizeMax,
    int recipientsMax,
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
