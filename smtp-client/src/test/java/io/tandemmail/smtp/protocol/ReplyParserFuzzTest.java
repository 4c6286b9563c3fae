package io.tandemmail.smtp.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.smtp.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Bytes of all kinds, cut in all ways: the replies are those of a slow reader that knows only lines, and how the bytes were
 * cut makes no difference. {@code -Dtandem.fuzz.cases=N} and {@code -Dtandem.fuzz.seed=S} for a long run.
 */
class ReplyParserFuzzTest {
  private static final int CASES = Integer.getInteger("tandem.fuzz.cases", 1_000_000);
  private static final long SEED = Long.getLong("tandem.fuzz.seed", 20261125);
  private static final Pattern LINE = Pattern.compile("([2-5]\\d\\d)(?:([ -])(.*))?");

  private static final String[] PIECES = {
    "250",
    "354",
    "421",
    "550",
    "25",
    "199",
    "600",
    "0250",
    " ",
    "-",
    "Ok",
    "2.1.0 ",
    "5.1.1 ",
    "\r\n",
    "\n",
    "\r",
    "\r\r\n",
    "250 2.0.0 Ok: queued\r\n",
    "250-a\r\n",
    "550 no\r\n",
    "x",
    "\0",
    "ü",
    "",
    "\t",
    "354 go\r\n",
    "250\r\n",
    "250-\r\n",
    "421-4.3.2 bye\r\n"
  };

  @Test
  void theRepliesAreThoseOfTheSlowReaderHoweverTheBytesAreCut() {
    System.out.println("ReplyParserFuzzTest: " + CASES + " cases from seed " + SEED);
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < CASES; i++) {
      byte[] bytes = bytes(random);
      List<String> expected = slowly(bytes);
      assertThat(parsed(bytes, new int[] {bytes.length}))
          .as("case %s: %s", i, new String(bytes, StandardCharsets.UTF_8))
          .isEqualTo(expected);
      assertThat(parsed(bytes, cuts(random, bytes.length)))
          .as("case %s, cut: %s", i, new String(bytes, StandardCharsets.UTF_8))
          .isEqualTo(expected);
    }
  }

  private static byte[] bytes(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    int pieces = random.nextInt(1, 9);
    for (int i = 0; i < pieces; i++) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0 && random.nextInt(8) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private static int[] cuts(SplittableRandom random, int length) {
    int[] cuts = new int[length + 1];
    int count = 0;
    for (int at = 0; at < length; ) {
      at = Math.min(length, at + random.nextInt(1, 4));
      cuts[count++] = at;
    }
    cuts[count++] = length;
    return Arrays.copyOf(cuts, count);
  }

  /** Codes of the complete replies, with {@code !} at the end when the rest is none. */
  private static List<String> parsed(byte[] bytes, int[] cuts) {
    ReplyParser parser = new ReplyParser();
    List<String> replies = new ArrayList<>();
    int from = 0;
    try {
      for (int to : cuts) {
        while (from < to) {
          from += parser.feed(bytes, from, to);
          Optional<Reply> reply = parser.take();
          reply.ifPresent(complete -> replies.add(shown(complete)));
        }
      }
    } catch (ReplyParser.Malformed e) {
      replies.add("!");
    }
    return replies;
  }

  private static String shown(Reply reply) {
    assertThat(reply.text()).doesNotContainPattern("[\\x00-\\x1f\\x7f]");
    return reply.code() + reply.enhanced().map(code -> " " + code).orElse("");
  }

  private static List<String> slowly(byte[] bytes) {
    List<String> replies = new ArrayList<>();
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    String code = "";
    String enhanced = "";
    for (int from = 0, end = text.indexOf('\n');
        end >= 0;
        from = end + 1, end = text.indexOf('\n', from)) {
      String line = text.substring(from, end);
      Matcher parts =
          Pattern.compile(LINE.pattern(), Pattern.DOTALL)
              .matcher(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
      if (!parts.matches() || (!code.isEmpty() && !code.equals(parts.group(1)))) {
        replies.add("!");
        return replies;
      }
      if (code.isEmpty()) {
        enhanced = enhanced(parts.group(1), parts.group(3) == null ? "" : parts.group(3));
      }
      code = parts.group(1);
      if (!"-".equals(parts.group(2))) {
        replies.add(code + enhanced);
        code = "";
      }
    }
    return replies;
  }

  private static String enhanced(String code, String text) {
    Matcher found =
        Pattern.compile("(\\d)\\.(\\d{1,3})\\.(\\d{1,3})(?: .*)?", Pattern.DOTALL).matcher(text);
    return found.matches() && found.group(1).charAt(0) == code.charAt(0)
        ? " "
            + found.group(1)
            + "."
            + Integer.parseInt(found.group(2))
            + "."
            + Integer.parseInt(found.group(3))
        : "";
  }
}
