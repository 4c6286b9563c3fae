package io.tandemmail.model.parity;

import io.tandemmail.model.dns.IpAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Names of a certificate against that of a server (RFC 9525 section 6). */
final class CertificateNames {
  private CertificateNames() {}

  static boolean cover(List<String> names, String host) {
    return names.stream().anyMatch(name -> covers(name, host));
  }

  private static boolean covers(String name, String host) {
    Optional<IpAddress> address = IpAddress.parse(host);
    if (address.isPresent()) {
      return IpAddress.parse(name).equals(address);
    }
    String wanted = host.toLowerCase(Locale.ROOT);
    String given = name.toLowerCase(Locale.ROOT);
    if (!given.startsWith("*.")) {
      return given.equals(wanted);
    }
    // A star is one whole label, the left-most.
    int dot = wanted.indexOf('.');
    return dot > 0 && wanted.substring(dot).equals(given.substring(1));
  }
}
