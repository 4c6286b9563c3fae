package io.tandemmail.sink;

import io.tandemmail.sink.wire.DsnRequest;
import io.tandemmail.sink.wire.MessageKey;
import io.tandemmail.smtp.server.Limits;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a client has said so far of one message: a mail transaction (RFC 5321 section 3.3). */
final class Transaction {
  private final String client;
  private final String reversePath;
  private final DsnRequest dsn;
  private final List<String> recipients = new ArrayList<>();
  private final List<DsnRequest.Recipient> notices = new ArrayList<>();

  /** What its recipients ask for at DATA and later. */
  private final List<Behaviour> asked = new ArrayList<>();

  private final ByteArrayOutputStream content = new ByteArrayOutputStream(0);
  private final Set<String> domains = new HashSet<>(2);
  private int attempts;
  private int chunks;

  Transaction(String client, String reversePath, DsnRequest dsn) {
    this.client = client;
    this.reversePath = reversePath;
    this.dsn = dsn;
  }

  /** Counts a recipient that is not taken yet. False when it is one more than the limits allow. */
  boolean within(Limits limits, String recipient) {
    attempts++;
    if (limits.equals(Limits.NONE)) {
      return true;
    }
    domains.add(recipient.substring(recipient.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT));
    return !limits.exceeded(Limits.RCPT, attempts)
        && !limits.exceeded(Limits.RCPT_DOMAIN, domains.size());
  }

  void add(String recipient, DsnRequest.Recipient notice, Behaviour own) {
    recipients.add(recipient);
    notices.add(notice);
    if (own.stage().compareTo(Behaviour.Stage.RCPT) > 0) {
      asked.add(own);
    }
  }

  int recipients() {
    return recipients.size();
  }

  List<Behaviour> asked() {
    return asked;
  }

  /** Once it has a chunk it takes nothing but chunks (RFC 3030 section 2). */
  boolean hasChunks() {
    return chunks > 0;
  }

  /** Bytes of all chunks. */
  int size() {
    return content.size();
  }

  void add(byte[] chunk) {
    chunks++;
    content.writeBytes(chunk);
  }

  /** The message that the chunks make. */
  ReceivedMessage ofChunks(Instant at) {
    return of(content.toByteArray(), at);
  }

  ReceivedMessage of(byte[] whole, Instant at) {
    return new ReceivedMessage(
        MessageKey.of(whole),
        client,
        reversePath,
        recipients,
        at,
        whole,
        chunks,
        dsn.with(notices));
  }
}
