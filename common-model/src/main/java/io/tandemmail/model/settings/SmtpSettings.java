package io.tandemmail.model.settings;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * SMTP submission.
 *
 * @param certificate absent: no STARTTLS
 * @param bounceAddress absent: reports are not taken in
 * @param maxConnections more are turned away at once
 */
public record SmtpSettings(
    HttpAddress listen,
    Optional<Certificate> certificate,
    Optional<BounceAddress> bounceAddress,
    int maxConnections) {

  /** PEM files: the chain, own certificate first, and its PKCS#8 key. */
  public record Certificate(Path chainFile, Path keyFile) {}

  /**
   * Where reports are sent: {@code bounce@example.com}, which takes {@code bounce+<id>@example.com} too (VERP), or
   * {@code *@bounce.example.com}.
   *
   * @param localPart in lower case; absent: every one of the domain
   * @param domain in lower case
   */
  public record BounceAddress(Optional<String> localPart, String domain) {

    /** Case is ignored: reporters change it. */
    public boolean takes(String address) {
      String lower = address.toLowerCase(Locale.ROOT);
      int at = lower.lastIndexOf('@');
      return at > 0
          && lower.substring(at + 1).equals(domain)
          && localPart
              .map(own ->
                  lower.substring(0, at).equals(own)
                      || lower.substring(0, at).startsWith(own + "+"))
              .orElse(true);
    }
  }
}
