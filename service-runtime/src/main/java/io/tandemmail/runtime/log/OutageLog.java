package io.tandemmail.runtime.log;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Says once that something that is tried again and again does not work, and once that it does again: while brokers are away a
 * line for each try would hide everything else.
 */
public final class OutageLog {
  private final Logger log;
  private final String what;
  private long failures;

  /**
   * @param what as it follows "cannot", such as {@code say that worker-1 is there}
   */
  public OutageLog(Logger log, String what) {
    this.log = log;
    this.what = what;
  }

  /**
   * It was tried once more; fits a Kafka producer's callback.
   *
   * @param failure null when it worked; its words are untrusted, and said for the first of an outage
   */
  public synchronized void tried(@Nullable Exception failure) {
    if (failure != null) {
      if (failures++ == 0) {
        log.warn("cannot {}: {}; said once, until it works again", what, failure.getMessage());
      }
    } else if (failures > 0) {
      log.info("can {} again, after {} failures", what, failures);
      failures = 0;
    }
  }
}
