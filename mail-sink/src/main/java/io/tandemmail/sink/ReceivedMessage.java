package io.tandemmail.sink;

import io.tandemmail.sink.wire.DsnRequest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/**
 * What the sink took.
 *
 * @param messageKey its X-Tandem-Key header, else its Message-ID, else empty
 * @param client as it named itself in EHLO or HELO; empty if it did not
 * @param reversePath empty for the null reverse-path
 * @param content dot-unstuffed
 * @param chunks in which it came by BDAT; 0: it came by DATA
 * @param dsn what the sender wants to be told
 */
public record ReceivedMessage(
    String messageKey,
    String client,
    String reversePath,
    List<String> recipients,
    Instant at,
    byte[] content,
    int chunks,
    DsnRequest dsn) {
  public ReceivedMessage {
    recipients = List.copyOf(recipients);
  }

  /** The message's key, for those who call it that. */
  public String key() {
    return messageKey;
  }

  /** Bytes of content. */
  public long size() {
    return content.length;
  }

  /** In hexadecimal, computed at each call: who only counts messages does not pay for hashes. */
  public String contentSha256() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
