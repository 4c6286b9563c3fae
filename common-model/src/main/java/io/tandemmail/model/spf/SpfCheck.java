package io.tandemmail.model.spf;

import io.tandemmail.model.dns.DnsAnswer;
import io.tandemmail.model.dns.DnsView;
import io.tandemmail.model.dns.IpAddress;
import io.tandemmail.model.spf.SpfResult.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The function {@code check_host()} of RFC 7208 section 4, for one domain and one address. */
public final class SpfCheck {
  private static final int LOOKUPS_MAX = 10;
  private static final int VOID_LOOKUPS_MAX = 2;
  private static final int EXCHANGES_MAX = 10;
  private static final String VERSION = "v=spf1";

  private final IpAddress client;
  private final DnsView dns;
  private int lookups;
  private int voidLookups;

  private SpfCheck(IpAddress client, DnsView dns) {
    this.client = client;
    this.dns = dns;
  }

  /** What a receiver says to mail from the domain that comes from the address. */
  public static SpfResult of(String domain, IpAddress client, DnsView dns) {
    try {
      return new SpfCheck(client, dns).host(domain);
    } catch (Ended e) {
      return e.result;
    }
  }

  /** A verdict that ends the evaluation wherever it stands. */
  private static final class Ended extends Exception {
    private static final long serialVersionUID = 1;
    private final transient SpfResult result;

    Ended(Verdict verdict, String because) {
      super(because, null, false, false);
      this.result = new SpfResult(verdict, because);
    }
  }

  private SpfResult host(String domain) throws Ended {
    Optional<String> record = record(domain);
    if (record.isEmpty()) {
      return new SpfResult(Verdict.NONE, domain + " has no SPF record");
    }
    Optional<SpfTerm.Redirect> redirect = Optional.empty();
    for (SpfTerm term : terms(domain, record.get())) {
      switch (term) {
        case SpfTerm.Addresses addresses -> {
          if (addresses.network().holds(client)) {
            return matched(domain, addresses.onMatch(), addresses.text());
          }
        }
        case SpfTerm.Directive directive -> {
          if (matches(domain, directive)) {
            return matched(domain, directive.onMatch(), directive.text());
          }
        }
        case SpfTerm.Redirect found -> redirect = Optional.of(found);
        case SpfTerm.Ignored ignored -> {}
      }
    }
    return redirect.isPresent()
        ? redirected(domain, redirect.get())
        : new SpfResult(Verdict.NEUTRAL, "no term of " + domain + " matches " + client);
  }

  private static SpfResult matched(String domain, Verdict verdict, String term) {
    return new SpfResult(verdict, term + " of " + domain);
  }

  private SpfResult redirected(String domain, SpfTerm.Redirect redirect) throws Ended {
    count(domain, redirect.text());
    SpfResult result = host(target(domain, redirect.domain(), redirect.text()));
    if (result.verdict() == Verdict.NONE) {
      throw new Ended(Verdict.PERMERROR, redirect.text() + " of " + domain + " leads nowhere");
    }
    return result;
  }

  private List<SpfTerm> terms(String domain, String record) throws Ended {
    try {
      return SpfTerm.parse(record);
    } catch (SpfTerm.Malformed e) {
      throw new Ended(Verdict.PERMERROR, e.getMessage() + " of " + domain);
    }
  }

  private Optional<String> record(String domain) throws Ended {
    List<String> records =
        switch (dns.ask(DnsView.Type.TXT, domain)) {
          case DnsAnswer.Found found -> found.values().stream().filter(SpfCheck::isSpf).toList();
          case DnsAnswer.Absent absent -> List.of();
          case DnsAnswer.Failed failed -> throw new Ended(Verdict.TEMPERROR, failed.why());
        };
    if (records.size() > 1) {
      throw new Ended(Verdict.PERMERROR, domain + " has " + records.size() + " SPF records");
    }
    return records.stream().findFirst();
  }

  private static boolean isSpf(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return lower.equals(VERSION) || lower.startsWith(VERSION + " ");
  }

  private boolean matches(String domain, SpfTerm.Directive directive) throws Ended {
    if (directive.kind() == SpfTerm.Kind.ALL) {
      return true;
    }
    count(domain, directive.text());
    String target =
        directive.domain().isEmpty()
            ? domain
            : target(domain, directive.domain(), directive.text());
    return switch (directive.kind()) {
      case ALL -> true;
      case INCLUDE -> included(domain, directive, target);
      case A -> addressIn(target, directive.lengths());
      case MX -> exchangeIn(target, directive);
      case EXISTS -> !asked(DnsView.Type.A, target).isEmpty();
      // Section 5.5: not to be published, and what it would find is not known before the mail is.
      case PTR -> false;
    };
  }

  /** Section 5.2: the included record answers yes or no, and its errors are errors here. */
  private boolean included(String domain, SpfTerm.Directive directive, String target) throws Ended {
    SpfResult result = host(target);
    return switch (result.verdict()) {
      case PASS -> true;
      case FAIL, SOFTFAIL, NEUTRAL -> false;
      case NONE ->
          throw new Ended(Verdict.PERMERROR, directive.text() + " of " + domain + " leads nowhere");
      case TEMPERROR, PERMERROR, UNCERTAIN -> throw new Ended(result.verdict(), result.because());
    };
  }

  private boolean addressIn(String host, SpfTerm.Lengths lengths) throws Ended {
    int bits = client.isV4() ? lengths.v4() : lengths.v6();
    return asked(client.isV4() ? DnsView.Type.A : DnsView.Type.AAAA, host).stream()
        .flatMap(text -> IpAddress.parse(text).stream())
        .anyMatch(address -> new IpAddress.Network(address, bits).holds(client));
  }

  private boolean exchangeIn(String target, SpfTerm.Directive directive) throws Ended {
    List<String> exchanges = asked(DnsView.Type.MX, target);
    if (exchanges.size() > EXCHANGES_MAX) {
      throw new Ended(Verdict.PERMERROR, target + " has " + exchanges.size() + " exchanges");
    }
    for (String exchange : exchanges) {
      if (addressIn(exchange, directive.lengths())) {
        return true;
      }
    }
    return false;
  }

  private List<String> asked(DnsView.Type type, String name) throws Ended {
    return switch (dns.ask(type, name)) {
      case DnsAnswer.Found found -> found.values();
      case DnsAnswer.Failed failed -> throw new Ended(Verdict.TEMPERROR, failed.why());
      case DnsAnswer.Absent absent -> {
        if (++voidLookups > VOID_LOOKUPS_MAX) {
          throw new Ended(
              Verdict.PERMERROR, "more than " + VOID_LOOKUPS_MAX + " look-ups find nothing");
        }
        yield List.of();
      }
    };
  }

  private void count(String domain, String term) throws Ended {
    if (++lookups > LOOKUPS_MAX) {
      throw new Ended(
          Verdict.PERMERROR,
          "more than " + LOOKUPS_MAX + " look-ups, at " + term + " of " + domain);
    }
  }

  private static String target(String domain, String spec, String term) throws Ended {
    if (spec.indexOf('%') >= 0) {
      throw new Ended(
          Verdict.UNCERTAIN, term + " of " + domain + " holds a macro, which needs a message");
    }
    return spec;
  }
}
