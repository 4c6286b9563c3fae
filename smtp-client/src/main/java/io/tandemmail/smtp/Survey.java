package io.tandemmail.smtp;

import io.tandemmail.smtp.protocol.Capabilities;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * What one server said and showed on one connection that carried no mail, unjudged.
 *
 * @param addresses of its host, as text
 * @param offered in its last EHLO reply; absent: it got no further than the greeting
 * @param startTls whether STARTTLS was offered in clear
 * @param login what became of the credentials
 * @param end absent: the dialogue came to its QUIT
 */
public record Survey(
    List<String> addresses,
    Optional<Capabilities> offered,
    boolean startTls,
    Optional<PeerTls> tls,
    Login login,
    Optional<End> end) {

  public Survey {
    addresses = List.copyOf(addresses);
  }

  /**
   * @param distrust why a connection that verifies would have been refused; empty: it would not
   */
  public record PeerTls(String protocol, X509Certificate certificate, Optional<String> distrust) {}

  /** The credentials, if the server's settings have some. */
  public sealed interface Login {
    record NotTried() implements Login {}

    record Accepted() implements Login {}

    record Refused(Reply reply) implements Login {}

    /** Nothing was sent. */
    record Withheld(String why) implements Login {}
  }

  /** Why the dialogue broke off. */
  public record End(Phase phase, String what) {}
}
