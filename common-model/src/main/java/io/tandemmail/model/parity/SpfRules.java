package io.tandemmail.model.parity;

import static io.tandemmail.model.parity.ParityFinding.advice;
import static io.tandemmail.model.parity.ParityFinding.problem;

import io.tandemmail.model.parity.DomainFacts.Sender;
import io.tandemmail.model.parity.ParityFinding.Subject;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.spf.SpfResult.Verdict;
import java.util.ArrayList;
import java.util.List;

/** Whether the domains' SPF records let every server of the route send. */
final class SpfRules {
  private SpfRules() {}

  static List<ParityFinding> findings(RouteSettings route, List<Sender> senders) {
    List<ParityFinding> findings = new ArrayList<>();
    for (Sender sender : senders) {
      boolean covered =
          sender.result().verdict() == Verdict.PASS
              || sender.guessed() && passes(senders, sender.domain(), sender.server());
      if (!covered) {
        findings.add(finding(sender, passes(senders, sender.domain(), route.primary())));
      }
    }
    return findings;
  }

  /** Of the addresses of a host it is enough that one is covered: mail may leave by that. */
  private static boolean passes(List<Sender> senders, String domain, String server) {
    return senders.stream()
        .anyMatch(sender ->
            sender.server().equals(server)
                && sender.domain().equals(domain)
                && sender.result().verdict() == Verdict.PASS);
  }

  /** An address that was only guessed proves nothing, unless the primary's passes and this one's does not. */
  private static ParityFinding finding(Sender sender, boolean primaryPasses) {
    String what =
        "SPF of %s does not cover %s: %s"
            .formatted(sender.domain(), sender.address(), sender.result());
    String remedy =
        sender.guessed()
            ? "add the address to the SPF record, or set servers.%s.egress-addresses to what receivers see"
                .formatted(sender.server())
            : "add the address to the SPF record of " + sender.domain();
    boolean doubtful = sender.guessed() && !primaryPasses;
    return switch (sender.result().verdict()) {
      case TEMPERROR ->
          problem(
              Subject.DNS,
              "",
              "cannot ask for the SPF record of "
                  + sender.domain()
                  + ": "
                  + sender.result().because(),
              "see to the resolver, or name others under dns.servers");
      case UNCERTAIN ->
          advice(
              Subject.SPF,
              sender.server(),
              "cannot tell whether SPF of %s covers %s: %s"
                  .formatted(sender.domain(), sender.address(), sender.result().because()),
              "set servers.%s.egress-addresses, or check the record by hand"
                  .formatted(sender.server()));
      case PASS, FAIL, SOFTFAIL, NEUTRAL, NONE, PERMERROR ->
          doubtful
              ? advice(Subject.SPF, sender.server(), what, remedy)
              : problem(Subject.SPF, sender.server(), what, remedy);
    };
  }
}
