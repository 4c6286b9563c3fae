package io.tandemmail.console.web;

/** What operators write becomes evidence and reports, which are shown on terminals and in logs. */
final class OperatorText {
  private OperatorText() {}

  /** On one line, without control characters. */
  static String printable(String text) {
    return text.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]", " ").strip();
  }
}
