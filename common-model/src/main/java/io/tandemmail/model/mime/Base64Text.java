package io.tandemmail.model.mime;

import java.util.Optional;

/** RFC 4648 base64 without line breaks: what may stand in an attachment's content. */
public final class Base64Text {
  /** A table: every character of every attachment is looked up, at ingest, in the router and in the worker. */
  private static final boolean[] LETTERS = letters();

  private Base64Text() {}

  public static Optional<Flaw> flaw(char[] chars, int start, int length) {
    int padding = 0;
    for (int i = start; i < start + length; i++) {
      char c = chars[i];
      if (c == '=') {
        padding++;
      } else if (!isLetter(c) || padding > 0) {
        return HeaderField.flaw(
            "is not base64", "encode the file as RFC 4648 base64 without line breaks");
      }
    }
    return length % 4 == 0 && padding <= 2
        ? Optional.empty()
        : HeaderField.flaw(
            "is not base64: its length is not a multiple of 4",
            "encode the file as RFC 4648 base64 with padding");
  }

  /** Of the alphabet; padding is none of it. */
  public static boolean isLetter(int c) {
    return c >= 0 && c < 128 && LETTERS[c];
  }

  private static boolean[] letters() {
    boolean[] letters = new boolean[128];
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    alphabet.chars().forEach(c -> letters[c] = true);
    return letters;
  }
}
