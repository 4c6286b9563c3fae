package io.tandemmail.smtp.engine;

import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.ServerEndpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The addresses of a host in the order to try them (RFC 5321 section 5.1): those that failed lately come last, so that a
 * dead machine behind a name costs one connection in a while and not a part of all. One that failed is tried first again,
 * by one connection, when it has been avoided for half a minute.
 */
final class Addresses {
  private static final Duration AVOID = Duration.ofSeconds(30);

  private final Resolver resolver;
  private final LongSupplier nanoTime;
  private final Map<InetSocketAddress, Avoided> avoided = new ConcurrentHashMap<>();
  private final Map<String, List<InetSocketAddress>> lastKnown = new ConcurrentHashMap<>();

  /** From a name to addresses, IPv4 or IPv6. */
  interface Resolver {
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  private record Avoided(long untilNanos, Fault why) {}

  Addresses(Resolver resolver, LongSupplier nanoTime) {
    this.resolver = resolver;
    this.nanoTime = nanoTime;
  }

  /** Never empty. */
  List<InetSocketAddress> inOrder(ServerEndpoint endpoint) throws SmtpFailure {
    List<InetSocketAddress> known = resolve(endpoint);
    lastKnown.put(endpoint.server().id(), known);
    List<InetSocketAddress> first = new ArrayList<>();
    List<InetSocketAddress> last = new ArrayList<>();
    for (InetSocketAddress address : known) {
      Avoided bad = avoided.get(address);
      if (bad == null) {
        first.add(address);
      } else if (bad.untilNanos - nanoTime.getAsLong() <= 0
          && avoided.replace(address, bad, avoid(bad.why))) {
        first.addFirst(address);
      } else {
        last.add(address);
      }
    }
    first.addAll(last);
    return first;
  }

  /** It refused, or said nothing. */
  void failed(InetSocketAddress address, Fault why) {
    avoided.put(address, avoid(why));
  }

  /** It greeted. */
  void answered(InetSocketAddress address) {
    avoided.remove(address);
  }

  /** Those of the server that are avoided, if others are not. */
  Optional<String> oddity(ServerEndpoint endpoint) {
    List<InetSocketAddress> known = lastKnown.getOrDefault(endpoint.server().id(), List.of());
    List<String> bad = new ArrayList<>();
    for (InetSocketAddress address : known) {
      Avoided its = avoided.get(address);
      if (its != null) {
        bad.add(
            address.getAddress().getHostAddress()
                + " ("
                + its.why.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + ")");
      }
    }
    return bad.isEmpty() || bad.size() == known.size()
        ? Optional.empty()
        : Optional.of(
            bad.size() + " of " + known.size() + " addresses avoided: " + String.join(", ", bad));
  }

  /** The local address to connect from, if one is configured. */
  static Optional<InetAddress> source(ServerEndpoint endpoint) throws SmtpFailure {
    Optional<String> configured = endpoint.server().client().sourceAddress();
    if (configured.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(configured.get()));
    } catch (UnknownHostException e) {
      throw failure(Fault.Kind.DNS, "source-address " + configured.get() + " is no address");
    }
  }

  private Avoided avoid(Fault why) {
    return new Avoided(nanoTime.getAsLong() + AVOID.toNanos(), why);
  }

  private List<InetSocketAddress> resolve(ServerEndpoint endpoint) throws SmtpFailure {
    String host = endpoint.server().host();
    Optional<InetAddress> source = source(endpoint);
    List<InetSocketAddress> found = new ArrayList<>();
    try {
      for (InetAddress address : resolver.resolve(host)) {
        boolean sameFamily =
            source.map(InetAddress::getClass).map(address.getClass()::equals).orElse(true);
        if (sameFamily) {
          found.add(new InetSocketAddress(address, endpoint.server().port()));
        }
      }
    } catch (UnknownHostException e) {
      throw failure(Fault.Kind.DNS, "host " + host + " has no address");
    }
    if (found.isEmpty()) {
      throw failure(Fault.Kind.DNS, "host " + host + " has no address");
    }
    return found;
  }

  private static SmtpFailure failure(Fault.Kind kind, String detail) {
    return new SmtpFailure(new Fault(kind, Phase.CONNECT, detail));
  }
}
