package io.tandemmail.standalone.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How long a connection is busy with one message: an assumption for all servers, and what is known of some. */
record TransactionSeconds(double otherwise, Map<String, Double> byServer) {
  static final double ASSUMED = 0.1;

  /**
   * @param values {@code 0.2} for all servers, {@code mx-a=0.3} for one
   * @param servers that there are
   * @throws Exit 2 naming every value that is none
   */
  static TransactionSeconds read(List<String> values, Set<String> servers) {
    double otherwise = ASSUMED;
    Map<String, Double> byServer = new HashMap<>();
    List<String> problems = new ArrayList<>();
    for (String value : values) {
      int equals = value.indexOf('=');
      double seconds = positive(value.substring(equals + 1));
      String server = equals < 0 ? "" : value.substring(0, equals);
      if (seconds <= 0) {
        problems.add(
            "tandem: --transaction-seconds "
                + value
                + " is no time; give seconds such as 0.2, or mx-a=0.2 for one server");
      } else if (equals < 0) {
        otherwise = seconds;
      } else if (servers.contains(server)) {
        byServer.put(server, seconds);
      } else {
        problems.add(
            "tandem: --transaction-seconds "
                + value
                + " names no server; use one of "
                + String.join(", ", servers));
      }
    }
    if (!problems.isEmpty()) {
      throw new Exit(Exit.USAGE, problems);
    }
    return new TransactionSeconds(otherwise, byServer);
  }

  double of(String server) {
    return byServer.getOrDefault(server, otherwise);
  }

  /** Zero for what is no number above zero and up to an hour. */
  private static double positive(String text) {
    try {
      double seconds = Double.parseDouble(text);
      return seconds > 0 && seconds <= 3600 ? seconds : 0;
    } catch (NumberFormatException notANumber) {
      return 0;
    }
  }
}
