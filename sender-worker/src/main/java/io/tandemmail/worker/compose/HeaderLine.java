package io.tandemmail.worker.compose;

import io.tandemmail.model.mime.HeaderField;

/**
 * One header field, folded before tokens so that a line has at most 78 characters where its tokens let it (RFC 5322 section
 * 2.1.1). Everything in a header section is written through here, and nothing that could end a line gets through.
 */
final class HeaderLine {
  private static final int CHARS_MAX = 78;

  private final MimeBuffer out;
  private final String name;
  private int column;
  private boolean empty = true;

  HeaderLine(MimeBuffer out, String name) {
    this.out = out;
    this.name = name;
    out.text(check(name)).text(":");
    column = name.length() + 1;
  }

  /**
   * @param space what parts it from the token before: spaces, or nothing where a fold is not allowed
   * @throws IllegalArgumentException for a control character: admission refuses them, so nobody of ours wrote this record
   */
  HeaderLine token(String space, String text) {
    int width = space.length() + text.length();
    // A first token that is too long for any line gains nothing by a fold.
    boolean folds = !space.isEmpty() && column + width > CHARS_MAX && !(empty && width > CHARS_MAX);
    if (folds) {
      out.crlf();
      column = 0;
    }
    out.text(space).text(check(text));
    column += width;
    empty = false;
    return this;
  }

  /** Characters left on this line, and on a new one, for a line of at most {@code chars}. */
  int room(int chars) {
    return chars - column;
  }

  void end() {
    out.crlf();
  }

  private String check(String text) {
    HeaderField.textFlaw(text)
        .ifPresent(flaw -> {
          throw new IllegalArgumentException("header field " + name + " " + flaw.problem());
        });
    return text;
  }
}
