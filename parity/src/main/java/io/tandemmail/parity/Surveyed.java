package io.tandemmail.parity;

import io.tandemmail.model.parity.ServerFacts;
import io.tandemmail.model.parity.ServerFacts.Certificate;
import io.tandemmail.model.parity.ServerFacts.Login;
import io.tandemmail.model.parity.ServerFacts.Offer;
import io.tandemmail.model.parity.ServerFacts.TlsFacts;
import io.tandemmail.smtp.Survey;
import io.tandemmail.smtp.protocol.Capabilities;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** A survey in the words of the model. */
final class Surveyed {
  /** GeneralName choices of RFC 5280 section 4.2.1.6. */
  private static final int DNS_NAME = 2;

  private static final int IP_ADDRESS = 7;

  private Surveyed() {}

  static ServerFacts facts(String server, Survey survey) {
    return new ServerFacts(
        server,
        survey.addresses(),
        survey.offered().map(Surveyed::offer),
        survey.startTls(),
        survey.tls().map(Surveyed::tls),
        login(survey.login()),
        survey.end().map(end -> new ServerFacts.Trouble(end.phase().wireName(), end.what())));
  }

  private static Offer offer(Capabilities offered) {
    return new Offer(offered.keywords(), offered.authMechanisms(), offered.contentBytesMax());
  }

  private static TlsFacts tls(Survey.PeerTls tls) {
    X509Certificate shown = tls.certificate();
    Certificate certificate =
        new Certificate(
            shown.getSubjectX500Principal().getName(),
            names(shown),
            shown.getNotBefore().toInstant(),
            shown.getNotAfter().toInstant());
    return new TlsFacts(tls.protocol(), certificate, tls.distrust());
  }

  private static List<String> names(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      var alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (List<?> alternative : alternatives) {
          int kind = (Integer) alternative.get(0);
          if ((kind == DNS_NAME || kind == IP_ADDRESS)
              && alternative.get(1) instanceof String name) {
            names.add(name);
          }
        }
      }
    } catch (CertificateParsingException unreadable) {
      // Then it names nobody, and that is what is said of it.
    }
    return names;
  }

  private static Login login(Survey.Login login) {
    return switch (login) {
      case Survey.Login.NotTried notTried -> new Login.NotTried();
      case Survey.Login.Accepted accepted -> new Login.Accepted();
      case Survey.Login.Refused refused -> new Login.Refused(refused.reply().toString());
      case Survey.Login.Withheld withheld -> new Login.Withheld(withheld.why());
    };
  }
}
