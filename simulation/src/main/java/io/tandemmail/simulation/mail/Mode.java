package io.tandemmail.simulation.mail;

/** How a mail server behaves at the moment. */
public enum Mode {
  UP,
  REFUSING,
  SILENT,
  SLOW,
  TRANSIENT,
  CLOSING
}
