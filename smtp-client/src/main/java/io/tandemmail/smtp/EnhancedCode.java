package io.tandemmail.smtp;

/** RFC 3463 enhanced status code. */
public record EnhancedCode(int clazz, int subject, int detail) {
  @Override
  public String toString() {
    return clazz + "." + subject + "." + detail;
  }
}
