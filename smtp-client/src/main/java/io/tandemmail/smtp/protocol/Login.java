package io.tandemmail.smtp.protocol;

import java.util.Optional;

/**
 * Who to authenticate as.
 *
 * @param secret password, or access token for XOAUTH2
 * @param only the one mechanism to use; absent: the best that the server offers, never XOAUTH2, which takes no password
 */
public record Login(String username, String secret, Optional<Mechanism> only) {

  /** Over plain text, which only loopback is, the mechanism that keeps the password to itself comes first. */
  Optional<Mechanism> choose(Capabilities offered, boolean encrypted) {
    if (only.isPresent()) {
      return only.filter(mechanism -> offered.authMechanisms().contains(mechanism.wireName()));
    }
    Mechanism[] preferred =
        encrypted
            ? new Mechanism[] {Mechanism.PLAIN, Mechanism.LOGIN, Mechanism.CRAM_MD5}
            : new Mechanism[] {Mechanism.CRAM_MD5, Mechanism.PLAIN, Mechanism.LOGIN};
    for (Mechanism mechanism : preferred) {
      if (offered.authMechanisms().contains(mechanism.wireName())) {
        return Optional.of(mechanism);
      }
    }
    return Optional.empty();
  }

  /** Never the secret. */
  @Override
  public String toString() {
    return "Login[" + username + "]";
  }
}
