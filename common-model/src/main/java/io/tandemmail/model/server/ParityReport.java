package io.tandemmail.model.server;

import java.time.Instant;
import java.util.List;

/**
 * What a worker found when it compared the servers of a route, about one of them; on {@code mail.server-observations} beside
 * the observations, with {@code "kind":"parity"}. Takes the place of what was said before about the same server and route.
 *
 * @param drifts empty: the server is what the route needs
 */
public record ParityReport(
    String server, String route, String reporter, Instant at, List<Drift> drifts) {
  /** More of one server and one route are no news. */
  public static final int DRIFTS_MAX = 20;

  public ParityReport {
    drifts = drifts.stream().limit(DRIFTS_MAX).toList();
  }
}
