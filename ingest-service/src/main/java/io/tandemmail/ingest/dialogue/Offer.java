package io.tandemmail.ingest.dialogue;

import io.tandemmail.ingest.dialogue.Parameters.Auth;
import io.tandemmail.ingest.dialogue.Rules.Peer;
import io.tandemmail.ingest.dialogue.Rules.Tls;
import io.tandemmail.smtp.server.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the reply to EHLO promises to this client. */
final class Offer {
  private static final List<String> ALWAYS =
      List.of("PIPELINING", "8BITMIME", "SMTPUTF8", "CHUNKING", "ENHANCEDSTATUSCODES");

  private final Rules rules;
  private final Peer peer;
  private boolean secured;

  Offer(Rules rules, Peer peer) {
    this.rules = rules;
    this.peer = peer;
  }

  /** From now on nobody listens in. */
  void secured() {
    secured = true;
  }

  boolean isSecured() {
    return secured;
  }

  /** A key is not asked for where others may hear it. */
  Auth auth() {
    boolean unheard = secured || peer == Peer.LOOPBACK;
    return rules.keys().isPresent() && unheard ? Auth.OFFERED : Auth.NONE;
  }

  Reply reply() {
    List<String> lines = new ArrayList<>();
    lines.add(rules.name());
    lines.addAll(ALWAYS);
    lines.add("SIZE " + rules.sizeMax());
    new Limits(Map.of(Limits.RCPT, rules.recipientsMax())).keyword().ifPresent(lines::add);
    if (rules.tls() == Tls.OFFERED && !secured) {
      lines.add("STARTTLS");
    }
    if (auth() == Auth.OFFERED) {
      lines.add("AUTH PLAIN LOGIN");
    }
    return new Reply(250, lines);
  }
}
