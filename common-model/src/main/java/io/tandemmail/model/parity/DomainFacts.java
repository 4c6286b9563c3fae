package io.tandemmail.model.parity;

import io.tandemmail.model.dns.DnsAnswer;
import io.tandemmail.model.spf.SpfResult;
import io.tandemmail.model.spf.SpfResult.Verdict;
import java.util.List;

/** What the DNS says of a route's domains. */
public record DomainFacts(List<Key> keys, List<Sender> senders) {
  public static final DomainFacts NONE = new DomainFacts(List.of(), List.of());

  public DomainFacts {
    keys = List.copyOf(keys);
    senders = List.copyOf(senders);
  }

  /** Some question had no answer. */
  public boolean incomplete() {
    return keys.stream().anyMatch(key -> key.published() instanceof DnsAnswer.Failed)
        || senders.stream().anyMatch(sender -> sender.result().verdict() == Verdict.TEMPERROR);
  }

  /**
   * A DKIM key in use.
   *
   * @param name {@code <selector>._domainkey.<domain>}
   * @param expected the record that publishes the key
   * @param published TXT records of that name
   */
  public record Key(String name, String expected, DnsAnswer published) {}

  /**
   * What receivers say to mail of a domain from an address of a server.
   *
   * @param guessed the address is that of the server's host, for want of a configured one
   */
  public record Sender(
      String domain, String server, String address, boolean guessed, SpfResult result) {}
}
