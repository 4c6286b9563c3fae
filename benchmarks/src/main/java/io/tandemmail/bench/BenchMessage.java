package io.tandemmail.bench;

import java.nio.charset.StandardCharsets;

/** The same four kibibytes that smtp-source would send, more or less, for all. */
final class BenchMessage {
  static final int BYTES = 4096;
  static final String REVERSE_PATH = "bounce@example.com";
  static final String RECIPIENT = "ann@example.net";

  private BenchMessage() {}

  static byte[] content() {
    StringBuilder text = new StringBuilder("From: shop@example.com\r\nSubject: bench\r\n\r\n");
    while (text.length() < BYTES - 80) {
      text.append(
          "The same four kibibytes that smtp-source would send, more or less, for all..\r\n");
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
