package io.tandemmail.model.parity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one server said and showed on one connection.
 *
 * @param addresses of its host, as text
 * @param offer of its last EHLO reply: behind TLS where that came about
 * @param startTls whether it offered STARTTLS
 * @param trouble why the connection did not come to its end
 */
public record ServerFacts(
    String server,
    List<String> addresses,
    Optional<Offer> offer,
    boolean startTls,
    Optional<TlsFacts> tls,
    Login login,
    Optional<Trouble> trouble) {

  public ServerFacts {
    addresses = List.copyOf(addresses);
  }

  /** The server was asked and answered, be it with a no. */
  public boolean seen() {
    return offer.isPresent();
  }

  /**
   * @param keywords in upper case
   * @param contentBytesMax {@code Long.MAX_VALUE}: it names no limit
   */
  public record Offer(Set<String> keywords, Set<String> mechanisms, long contentBytesMax) {
    public Offer {
      keywords = Set.copyOf(keywords);
      mechanisms = Set.copyOf(mechanisms);
    }
  }

  /**
   * @param version such as {@code TLSv1.3}
   * @param distrust why a connection that verifies would be refused; empty: it would not
   */
  public record TlsFacts(String version, Certificate certificate, Optional<String> distrust) {}

  /**
   * @param names it is valid for: DNS names and addresses
   */
  public record Certificate(
      String subject, List<String> names, Instant notBefore, Instant notAfter) {
    public Certificate {
      names = List.copyOf(names);
    }
  }

  /** What became of the user name and password. */
  public sealed interface Login {
    /** None is configured, or the connection ended before. */
    record NotTried() implements Login {}

    record Accepted() implements Login {}

    /** The server said no for good, or offers no way to log in. */
    record Refused(String reply) implements Login {}

    /** Not sent: no TLS, a certificate that is not trusted, or the password cannot be read. */
    record Withheld(String why) implements Login {}
  }

  /**
   * @param phase of the dialogue, as {@code connect}
   */
  public record Trouble(String phase, String what) {}
}
