package io.tandemmail.simulation.world;

import io.tandemmail.model.wire.Headers;

/**
 * One record of a topic.
 *
 * @param value its bytes where the pipeline reads them, else a mark that the world recognises it by
 */
public record LogRecord(String id, Headers headers, Object value) {
  /** The end of a transaction: takes an offset and holds nothing. */
  static final LogRecord MARKER = new LogRecord("", Headers.NONE, Mark.END_OF_TRANSACTION);

  private enum Mark {
    END_OF_TRANSACTION
  }

  public boolean isMarker() {
    return value == Mark.END_OF_TRANSACTION;
  }
}
