package io.tandemmail.model.parity;

import io.tandemmail.model.server.Drift;
import io.tandemmail.model.server.Drift.Grade;
import java.util.Locale;

/**
 * One thing that is not as the route needs it, or that could not be seen.
 *
 * @param server whose affair it is; empty: the route's domains
 * @param what in words, with what strangers said: show it escaped
 */
public record ParityFinding(
    Grade grade, Subject subject, String server, String what, String remedy) {

  /** What it is about. */
  public enum Subject {
    /** The server could not be asked: that is its health, not a difference. */
    REACH,
    CAPABILITY,
    SIZE,
    STARTTLS,
    TLS_POLICY,
    CERTIFICATE,
    LOGIN,
    CAPS,
    DKIM,
    SPF,
    /** The DNS could not be asked. */
    DNS;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** False: nothing is known, and what was known before still stands. */
    public boolean isSeen() {
      return this != REACH && this != DNS;
    }
  }

  static ParityFinding problem(Subject subject, String server, String what, String remedy) {
    return new ParityFinding(Grade.PROBLEM, subject, server, what, remedy);
  }

  static ParityFinding advice(Subject subject, String server, String what, String remedy) {
    return new ParityFinding(Grade.ADVICE, subject, server, what, remedy);
  }

  public boolean isProblem() {
    return grade == Grade.PROBLEM;
  }

  /** As the health of a server carries it. */
  public Drift drift(String route) {
    return new Drift(route, subject.wireName(), grade, what, remedy);
  }

  /** One line, without control characters: where, what, the remedy. */
  public String text() {
    String where = server.isEmpty() ? "" : "server " + server + ": ";
    return (where + subject.wireName() + ": " + what + "; " + remedy).replaceAll("\\p{Cntrl}", "?");
  }
}
