package io.tandemmail.ingest.bounce;

/** The message is no report, or none that can be read; the text says why. */
public final class NotAReport extends Exception {
  private static final long serialVersionUID = 1;

  NotAReport(String message) {
    super(message);
  }
}
