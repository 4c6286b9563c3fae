package io.tandemmail.model.parity;

import static io.tandemmail.model.parity.ParityFinding.advice;
import static io.tandemmail.model.parity.ParityFinding.problem;

import io.tandemmail.model.parity.ParityFinding.Subject;
import io.tandemmail.model.parity.ServerFacts.Certificate;
import io.tandemmail.model.parity.ServerFacts.TlsFacts;
import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.model.settings.ServerSettings.Tls;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with one server, whatever the others are. */
final class ServerRules {
  /** Time to renew a certificate by hand, with a holiday in between. */
  static final Duration EXPIRES_SOON = Duration.ofDays(21);

  private static final String STARTTLS = "starttls";

  private final ServerSettings server;
  private final ServerFacts facts;
  private final List<ParityFinding> findings = new ArrayList<>();

  private ServerRules(ServerSettings server, ServerFacts facts) {
    this.server = server;
    this.facts = facts;
  }

  static List<ParityFinding> findings(ServerSettings server, ServerFacts facts, Instant now) {
    ServerRules rules = new ServerRules(server, facts);
    rules.reach();
    rules.startTls();
    facts.tls().ifPresent(tls -> rules.certificate(tls, now));
    rules.login();
    return rules.findings;
  }

  /** Whether a connection of the worker would be refused for want of a certificate that verifies. */
  static boolean verifies(ServerSettings server) {
    return (server.security().tls() == Tls.REQUIRED || server.security().tls() == Tls.IMPLICIT)
        && !server.security().insecureSkipVerify();
  }

  private void reach() {
    facts
        .trouble()
        .ifPresent(trouble -> {
          String what = "at " + trouble.phase() + ": " + trouble.what();
          if (facts.seen() && trouble.phase().equals(STARTTLS)) {
            brokenTls(what);
          } else {
            findings.add(
                problem(
                    Subject.REACH,
                    server.id(),
                    "could not be asked to the end, " + what,
                    "see that %s:%d answers from here".formatted(server.host(), server.port())));
          }
        });
  }

  private void brokenTls(String what) {
    findings.add(
        server.security().tls() == Tls.OPPORTUNISTIC
            ? advice(
                Subject.STARTTLS,
                server.id(),
                "offers STARTTLS that does not work, so mail goes in clear, " + what,
                "mend its TLS, and set tls: required")
            : problem(
                Subject.STARTTLS,
                server.id(),
                "offers STARTTLS that does not work, " + what,
                "mend its TLS"));
  }

  private void startTls() {
    if (server.security().tls() == Tls.REQUIRED && facts.seen() && !facts.startTls()) {
      findings.add(
          problem(
              Subject.STARTTLS,
              server.id(),
              "offers no STARTTLS, and tls: required sends nothing without",
              "switch it on at the server, or see who strips it on the way"));
    }
  }

  private void certificate(TlsFacts tls, Instant now) {
    Certificate certificate = tls.certificate();
    boolean expired = !now.isBefore(certificate.notAfter());
    boolean early = now.isBefore(certificate.notBefore());
    boolean named = CertificateNames.cover(certificate.names(), server.host());
    if (expired) {
      bad("expired at " + certificate.notAfter(), "renew the certificate");
    } else if (early) {
      bad("is not valid before " + certificate.notBefore(), "see to the clocks of both machines");
    } else if (!now.plus(EXPIRES_SOON).isBefore(certificate.notAfter())) {
      findings.add(
          advice(
              Subject.CERTIFICATE,
              server.id(),
              "the certificate expires soon, at " + certificate.notAfter(),
              "renew the certificate"));
    }
    if (!named) {
      bad(
          "is not valid for %s but for %s"
              .formatted(server.host(), String.join(", ", certificate.names())),
          "name the server as its certificate does, or get one with that name");
    }
    if (tls.distrust().isPresent() && !expired && !early && named) {
      bad(
          "is not trusted: " + tls.distrust().get(),
          "set servers.%s.trust-store, or get one from an authority that is trusted"
              .formatted(server.id()));
    }
  }

  private void bad(String what, String remedy) {
    String text = "the certificate " + what;
    findings.add(
        verifies(server)
            ? problem(Subject.CERTIFICATE, server.id(), text, remedy)
            : advice(Subject.CERTIFICATE, server.id(), text + " (nobody verifies it)", remedy));
  }

  private void login() {
    switch (facts.login()) {
      case ServerFacts.Login.Refused refused ->
          findings.add(
              problem(
                  Subject.LOGIN,
                  server.id(),
                  "the login was refused: " + refused.reply(),
                  "mend servers.%1$s.username, .password-file or .auth".formatted(server.id())));
      case ServerFacts.Login.Withheld withheld -> {
        boolean certificateSaysIt =
            findings.stream()
                .anyMatch(finding ->
                    finding.isProblem()
                        && (finding.subject() == Subject.CERTIFICATE
                            || finding.subject() == Subject.STARTTLS));
        if (!certificateSaysIt) {
          findings.add(
              problem(
                  Subject.LOGIN,
                  server.id(),
                  "no login: " + withheld.why(),
                  "mend servers.%1$s.password-file or .tls".formatted(server.id())));
        }
      }
      case ServerFacts.Login.Accepted accepted -> {}
      case ServerFacts.Login.NotTried notTried -> {}
    }
  }
}
