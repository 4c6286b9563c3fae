package io.tandemmail.parity;

import io.tandemmail.model.dns.DnsAnswer;
import io.tandemmail.model.dns.DnsView;
import io.tandemmail.model.settings.ParitySettings;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/** Asks the configured resolvers, or this machine's, by dnsjava; follows aliases, keeps nothing. */
final class DnsLookup implements DnsView {
  private static final int TRIES = 2;
  private static final Duration TRY_MIN = Duration.ofMillis(100);

  private final Duration timeout;
  private final LookupSession session;

  DnsLookup(ParitySettings.Dns settings) {
    timeout = settings.timeout();
    session = LookupSession.builder().resolver(resolver(settings)).build();
  }

  @Override
  public DnsAnswer ask(Type type, String name) {
    Name absolute;
    try {
      absolute = Name.fromString(name, Name.root);
    } catch (TextParseException noName) {
      return new DnsAnswer.Absent();
    }
    try {
      // The resolver ends by itself; a second more is for a thread that was late.
      List<Record> records =
          session
              .lookupAsync(absolute, wire(type))
              .toCompletableFuture()
              .get(timeout.plusSeconds(1).toMillis(), TimeUnit.MILLISECONDS)
              .getRecords();
      List<String> values =
          records.stream()
              .sorted(Comparator.comparingInt(DnsLookup::preference))
              .flatMap(record -> value(record).stream())
              .toList();
      return values.isEmpty() ? new DnsAnswer.Absent() : new DnsAnswer.Found(values);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      boolean absent =
          cause instanceof NoSuchDomainException || cause instanceof NoSuchRRSetException;
      return absent ? new DnsAnswer.Absent() : new DnsAnswer.Failed(why(cause));
    } catch (TimeoutException e) {
      return new DnsAnswer.Failed("no answer in " + timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new DnsAnswer.Failed("interrupted");
    }
  }

  private static Resolver resolver(ParitySettings.Dns settings) {
    List<InetSocketAddress> addresses =
        settings.servers().isEmpty()
            ? ResolverConfig.getCurrentConfig().servers()
            : settings.servers().stream()
                .map(server -> new InetSocketAddress(server.address(), server.port()))
                .toList();
    Duration each = settings.timeout().dividedBy((long) TRIES * Math.max(1, addresses.size()));
    List<Resolver> resolvers = new ArrayList<>();
    for (InetSocketAddress address : addresses) {
      SimpleResolver resolver = new SimpleResolver(address);
      resolver.setTimeout(each.compareTo(TRY_MIN) < 0 ? TRY_MIN : each);
      resolvers.add(resolver);
    }
    ExtendedResolver all = new ExtendedResolver(resolvers);
    all.setRetries(TRIES);
    all.setTimeout(settings.timeout());
    return all;
  }

  private static int wire(Type type) {
    return switch (type) {
      case TXT -> org.xbill.DNS.Type.TXT;
      case A -> org.xbill.DNS.Type.A;
      case AAAA -> org.xbill.DNS.Type.AAAA;
      case MX -> org.xbill.DNS.Type.MX;
    };
  }

  private static int preference(Record record) {
    return record instanceof MXRecord exchange ? exchange.getPriority() : 0;
  }

  private static Optional<String> value(Record record) {
    return switch (record) {
      case TXTRecord text -> Optional.of(joined(text));
      case ARecord a -> Optional.of(a.getAddress().getHostAddress());
      case AAAARecord aaaa -> Optional.of(aaaa.getAddress().getHostAddress());
      case MXRecord exchange -> Optional.of(exchange.getTarget().toString(true));
      default -> Optional.empty();
    };
  }

  private static String joined(TXTRecord text) {
    StringBuilder all = new StringBuilder();
    for (Object string : text.getStringsAsByteArrays()) {
      all.append(new String((byte[]) string, StandardCharsets.UTF_8));
    }
    return all.toString();
  }

  private static String why(Throwable failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }
}
