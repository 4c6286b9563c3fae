package io.tandemmail.sink;

import io.tandemmail.sink.wire.MessageKey;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a client has said so far of one message: a mail transaction (RFC 5321 section 3.3). */
final class Transaction {
  private final String reversePath;
  private final List<String> recipients = new ArrayList<>();

  /** What its recipients ask for at DATA and later. */
  private final List<Behaviour> asked = new ArrayList<>();

  private final ByteArrayOutputStream content = new ByteArrayOutputStream(0);
  private int chunks;

  Transaction(String reversePath) {
    this.reversePath = reversePath;
  }

  void add(String recipient, Behaviour own) {
    recipients.add(recipient);
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
    return new ReceivedMessage(MessageKey.of(whole), reversePath, recipients, at, whole, chunks);
  }
}
