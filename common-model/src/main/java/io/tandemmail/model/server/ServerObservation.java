package io.tandemmail.model.server;

import java.time.Instant;
import java.util.Optional;

/**
 * What one worker saw of one server since its last report, on {@code mail.server-observations}. Sent at once on the first
 * server fault, else every 500 ms while there is traffic, and after every probe. Recipient-level replies are never counted.
 *
 * @param reporter the worker's instance id
 * @param kind passive (mail transactions) or probe (connect, EHLO, QUIT)
 * @param succeeded transactions or probes that the server answered as a healthy server does
 * @param failed server faults: refused, reset, timed out, 421, server-level 4yz, TLS or AUTH broken
 * @param failedInARow faults since the reporter's last success. A session that opens takes back the faults of sessions, a
 *     transaction that is answered as it should takes back all: a server may greet well and fail at the dot
 * @param evidence the last fault in words; of a server without one, what is odd about it, such as an address that is avoided
 * @param load how much waits and how fast it goes, if this report says so
 */
public record ServerObservation(
    String server,
    String reporter,
    Instant at,
    Kind kind,
    int succeeded,
    int failed,
    int failedInARow,
    String evidence,
    Optional<Load> load) {

  /** One that says nothing of the load. */
  public ServerObservation(
      String server,
      String reporter,
      Instant at,
      Kind kind,
      int succeeded,
      int failed,
      int failedInARow,
      String evidence) {
    this(server, reporter, at, kind, succeeded, failed, failedInARow, evidence, Optional.empty());
  }

  public ServerObservation withLoad(Load its) {
    return new ServerObservation(
        server, reporter, at, kind, succeeded, failed, failedInARow, evidence, Optional.of(its));
  }

  /**
   * The reporter's part of the server's lanes.
   *
   * @param backlog messages that wait or are under way, in Kafka and in memory
   * @param ratePerSecond transactions ended since the last report
   * @param latencyMillis mean time of those; 0 if there was none
   */
  public record Load(long backlog, double ratePerSecond, double latencyMillis) {
    public static final Load NONE = new Load(0, 0, 0);

    public Load {
      if (backlog < 0 || !(ratePerSecond >= 0) || !(latencyMillis >= 0)) {
        throw new IllegalArgumentException(
            "a load is never negative: " + backlog + ", " + ratePerSecond + ", " + latencyMillis);
      }
    }
  }

  /** Where the knowledge comes from. */
  public enum Kind {
    PASSIVE,
    PROBE
  }
}
