package io.tandemmail.model.bounce;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Message-ID of what we compose: {@code <base64url(id).time.check@domain>}. It can be read back, so that a bounce which
 * returns nothing but the header section still names its message (docs/decisions/0003-finding-the-bounced-message.md).
 *
 * <p>The time is that of the submission: an id that is used again after a day names another message. The check is the beginning
 * of a SHA-256 of both: without it somebody else's Message-ID could decode to an id of ours.
 */
public final class MessageId {
  /** A longer id is only hashed: header lines stay short, and its bounces are found by VERP or envelope id alone. */
  private static final int READABLE_CHARS_MAX = 60;

  private static final int TIME_RADIX = 36;
  private static final int CHECK_HEX_DIGITS = 8;
  private static final int HASHED_HEX_DIGITS = 32;
  private static final Pattern OURS =
      Pattern.compile("<?([A-Za-z0-9_-]+)\\.([0-9a-z]{1,13})\\.([0-9a-f]{8})@[^@]*");

  private MessageId() {}

  /**
   * @param fromAddress names the domain
   * @return with its angle brackets
   */
  public static String of(String id, Instant submittedAt, String fromAddress) {
    String time = Long.toString(submittedAt.toEpochMilli(), TIME_RADIX);
    String local =
        id.length() > READABLE_CHARS_MAX
            ? hash(id + "\n" + time).substring(0, HASHED_HEX_DIGITS)
            : Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(id))
                + "."
                + time
                + "."
                + check(id, time);
    return "<" + local + "@" + domain(fromAddress) + ">";
  }

  /** RFC 5322 section 3.6.4: ASCII. The local part alone is unique, so a domain that is not ASCII is not worth translating. */
  private static String domain(String address) {
    String domain = address.substring(address.lastIndexOf('@') + 1);
    boolean ascii = !domain.isEmpty() && domain.chars().allMatch(c -> c > ' ' && c < 0x7f);
    return ascii ? domain : "localhost";
  }

  /** The id in a Message-ID of ours; empty for any other text. */
  public static Optional<String> idIn(String messageId) {
    Matcher ours = OURS.matcher(messageId.strip());
    if (!ours.matches()) {
      return Optional.empty();
    }
    try {
      String id = new String(Base64.getUrlDecoder().decode(ours.group(1)), StandardCharsets.UTF_8);
      return check(id, ours.group(2)).equals(ours.group(3)) ? Optional.of(id) : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  /** SHA-256 in hex. */
  static String hash(String text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(text)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String check(String id, String time) {
    return hash(id + "\n" + time).substring(0, CHECK_HEX_DIGITS);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
