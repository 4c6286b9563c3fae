package io.tandemmail.model.settings;

import java.time.Duration;
import java.util.List;

/**
 * How servers are compared (docs/parity.md).
 *
 * @param interval between two looks at the servers of a route
 */
public record ParitySettings(Duration interval, Dns dns) {
  public static final ParitySettings DEFAULT =
      new ParitySettings(Duration.ofMinutes(5), new Dns(List.of(), Duration.ofSeconds(5)));

  /**
   * Whom to ask for DNS records.
   *
   * @param servers empty: those of this machine
   * @param timeout of one question, over all servers
   */
  public record Dns(List<DnsServer> servers, Duration timeout) {
    public Dns {
      servers = List.copyOf(servers);
    }
  }

  /** A resolver, by its address. */
  public record DnsServer(String address, int port) {}
}
