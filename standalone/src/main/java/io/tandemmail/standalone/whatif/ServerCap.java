package io.tandemmail.standalone.whatif;

import io.tandemmail.model.settings.ServerSettings.Limits;
import java.util.Locale;

/**
 * How many messages a server takes in a second, and which setting says so: the smaller of its {@code max-rate} and of what
 * its {@code max-connections} can do.
 *
 * @param name {@code max-rate} or {@code max-connections}
 */
public record ServerCap(String name, double perSecond) {

  /**
   * @param transactionSeconds how long a connection is busy with one message
   */
  static ServerCap of(Limits limits, double transactionSeconds) {
    double byConnections = limits.maxConnections() / transactionSeconds;
    double byRate = limits.maxRatePerSecond().orElse(Double.POSITIVE_INFINITY);
    return byRate <= byConnections
        ? new ServerCap("max-rate", byRate)
        : new ServerCap("max-connections", byConnections);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s = %.1f/s", name, perSecond);
  }
}
