package io.tandemmail.worker.compose;

import io.tandemmail.model.address.Mailbox;
import java.util.ArrayList;
import java.util.List;

/**
 * Header field bodies. ASCII stays as it is, other words become encoded-words from the first to the last of them; so a
 * subject can still be searched for, and an address within a field given by the submitter stays an address.
 */
final class HeaderText {
  /** A longer word would break the 998 octets of a line, and a longer gap could leave a line of nothing. */
  private static final int WORD_CHARS_MAX = 900;

  private static final int GAP_CHARS_MAX = 60;
  private static final String ATOM_SPECIALS = "!#$%&'*+-/=?^_`{|}~ ";

  private HeaderText() {}

  /** Whether ASCII that looks like an encoded-word means itself, or what it encodes. */
  enum EncodedLooks {
    /** Text: it is encoded once more, and a reader sees what was submitted. */
    LITERAL,
    /** A field body, whose author may know RFC 2047: left alone. */
    MEANT
  }

  private record Word(int start, int end) {}

  static void write(HeaderLine line, String value, EncodedLooks looks) {
    String text = value.strip();
    List<Word> words = words(text);
    int first = words.size();
    int last = -1;
    int gapStart = 0;
    for (int i = 0; i < words.size(); i++) {
      Word word = words.get(i);
      boolean gap = word.start - gapStart > GAP_CHARS_MAX;
      if (gap || needsEncoding(text, word, looks)) {
        first = Math.min(first, gap ? i - 1 : i);
        last = i;
      }
      gapStart = word.end;
    }
    String space = " ";
    for (int i = 0; i < words.size(); i++) {
      Word word = words.get(i);
      if (i == first) {
        EncodedWord.write(line, space, text.substring(word.start, words.get(last).end));
        i = last;
      } else {
        line.token(space, text.substring(word.start, word.end));
      }
      if (i + 1 < words.size()) {
        space = text.substring(words.get(i).end, words.get(i + 1).start);
      }
    }
  }

  /**
   * {@code Ann <ann@example.net>} as RFC 5322 section 3.4 wants it.
   *
   * @param mailbox as {@link Mailbox} reads it: admission took its address from the same text by the same rule
   * @param after a comma, or nothing
   */
  static void mailbox(HeaderLine line, String mailbox, String after) {
    String name = Mailbox.displayName(mailbox);
    String address = Mailbox.bareAddress(mailbox);
    if (name.isEmpty()) {
      line.token(" ", address + after);
      return;
    }
    Word whole = new Word(0, name.length());
    if (needsEncoding(name, whole, EncodedLooks.LITERAL) || name.indexOf('\\') >= 0) {
      EncodedWord.write(line, " ", name);
    } else if (isAtoms(name)) {
      words(name).forEach(word -> line.token(" ", name.substring(word.start, word.end)));
    } else {
      quoted(line, name);
    }
    line.token(" ", "<" + address + ">" + after);
  }

  private static boolean isAtoms(String name) {
    return !name.contains("  ")
        && name.chars()
            .allMatch(c -> Character.isLetterOrDigit(c) || ATOM_SPECIALS.indexOf(c) >= 0);
  }

  private static void quoted(HeaderLine line, String name) {
    String text = "\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    int end = 0;
    for (Word word : words(text)) {
      line.token(
          end == 0 ? " " : text.substring(end, word.start), text.substring(word.start, word.end));
      end = word.end;
    }
  }

  private static boolean needsEncoding(String text, Word word, EncodedLooks looks) {
    if (word.end - word.start > WORD_CHARS_MAX) {
      return true;
    }
    boolean literal = looks == EncodedLooks.LITERAL;
    for (int i = word.start; i < word.end; i++) {
      char c = text.charAt(i);
      char next = i + 1 < word.end ? text.charAt(i + 1) : ' ';
      // Some readers, Jakarta Mail among them, take a fold behind a backslash for an escaped line
      // end.
      if (c >= 0x7f || literal && (c == '=' && next == '?' || c == '\\' && next == ' ')) {
        return true;
      }
    }
    return false;
  }

  private static List<Word> words(String text) {
    List<Word> words = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      boolean space = i == text.length() || text.charAt(i) == ' ';
      if (space && i > start) {
        words.add(new Word(start, i));
      }
      start = space ? i + 1 : start;
    }
    return words;
  }
}
