package io.tandemmail.model.server;

import java.time.Instant;

/**
 * What one worker saw of one server since its last report, on {@code mail.server-observations}. Sent at once on the first
 * server fault, else every 500 ms while there is traffic, and after every probe. Recipient-level replies are never counted.
 *
 * @param reporter the worker's instance id
 * @param kind passive (mail transactions) or probe (connect, EHLO, QUIT)
 * @param succeeded transactions or probes that the server answered as a healthy server does
 * @param failed server faults: refused, reset, timed out, 421, server-level 4yz, TLS or AUTH broken
 * @param failedInARow faults since the reporter's last success of either kind; 0 after a success
 * @param evidence the last fault in words, empty if none
 */
public record ServerObservation(
    String server,
    String reporter,
    Instant at,
    Kind kind,
    int succeeded,
    int failed,
    int failedInARow,
    String evidence) {

  /** Where the knowledge comes from. */
  public enum Kind {
    PASSIVE,
    PROBE
  }
}
