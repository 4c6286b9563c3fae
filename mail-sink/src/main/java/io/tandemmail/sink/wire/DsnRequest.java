package io.tandemmail.sink.wire;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the sender wants to be told of the delivery (RFC 3461), its xtext decoded; empty where it said nothing.
 *
 * @param ret {@code FULL} or {@code HDRS}
 * @param envid the sender's own name for the message
 * @param recipients in the order of the message's recipients, one for each
 */
public record DsnRequest(String ret, String envid, List<Recipient> recipients) {
  /**
   * @param notifyOn {@code NEVER}, or a list of {@code SUCCESS}, {@code FAILURE} and {@code DELAY}
   * @param originalRecipient {@code rfc822;ann@example.net}
   */
  public record Recipient(String notifyOn, String originalRecipient) {
    static final Recipient NONE = new Recipient("", "");

    /** Empty when a parameter is not what the RFC allows. */
    public static Optional<Recipient> of(Map<String, String> parameters) {
      String notify = parameters.get("NOTIFY");
      String original = parameters.get("ORCPT");
      if (notify == null && original == null) {
        return Optional.of(NONE);
      }
      boolean wrong =
          (notify != null && !NOTIFY.matcher(notify).matches())
              || (original != null
                  && (original.length() > ORCPT_MAX || !ORCPT.matcher(original).matches()));
      return wrong
          ? Optional.empty()
          : Optional.of(
              new Recipient(
                  notify == null ? "" : notify.toUpperCase(Locale.ROOT),
                  original == null ? "" : decoded(original)));
    }
  }

  private static final int ENVID_MAX = 100;
  private static final int ORCPT_MAX = 500;
  private static final String XTEXT = "(?:[!-*,-<>-~]|\\+[0-9A-F]{2})";
  private static final Pattern ENVID = Pattern.compile(XTEXT + "+");
  private static final Pattern ORCPT = Pattern.compile("[A-Za-z0-9-]+;" + XTEXT + "+");
  private static final Pattern NOTIFY =
      Pattern.compile(
          "(?i)NEVER|(?!.*\\b(\\w+)\\b.*,\\1\\b)(?:SUCCESS|FAILURE|DELAY)(?:,(?:SUCCESS|FAILURE|DELAY))*");
  private static final Pattern RET = Pattern.compile("(?i)FULL|HDRS");

  public DsnRequest {
    recipients = List.copyOf(recipients);
  }

  /** Of MAIL's parameters, without recipients yet. Empty when one is not what the RFC allows. */
  public static Optional<DsnRequest> of(Map<String, String> parameters) {
    String ret = parameters.get("RET");
    String envid = parameters.get("ENVID");
    boolean wrong =
        (ret != null && !RET.matcher(ret).matches())
            || (envid != null && (envid.length() > ENVID_MAX || !ENVID.matcher(envid).matches()));
    return wrong
        ? Optional.empty()
        : Optional.of(
            new DsnRequest(
                ret == null ? "" : ret.toUpperCase(Locale.ROOT),
                envid == null ? "" : decoded(envid),
                List.of()));
  }

  public DsnRequest with(List<Recipient> all) {
    return new DsnRequest(ret, envid, all);
  }

  /** Nothing was asked for. */
  public boolean isEmpty() {
    return ret.isEmpty() && envid.isEmpty() && recipients.stream().allMatch(Recipient.NONE::equals);
  }

  private static String decoded(String xtext) {
    if (xtext.indexOf('+') < 0) {
      return xtext;
    }
    byte[] bytes = new byte[xtext.length()];
    int length = 0;
    for (int i = 0; i < xtext.length(); i++) {
      if (xtext.charAt(i) == '+') {
        bytes[length++] = (byte) HexFormat.fromHexDigits(xtext, i + 1, i + 3);
        i += 2;
      } else {
        bytes[length++] = (byte) xtext.charAt(i);
      }
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
