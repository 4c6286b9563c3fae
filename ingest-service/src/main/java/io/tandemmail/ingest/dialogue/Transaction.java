package io.tandemmail.ingest.dialogue;

import java.util.ArrayList;
import java.util.List;

/** What a client has said so far of one mail (RFC 5321 section 3.3). */
final class Transaction {
  private final String reversePath;
  private final Charset charset;
  private final List<String> recipients = new ArrayList<>(1);
  private final List<byte[]> chunks = new ArrayList<>(1);
  private boolean report;
  private int size;

  Transaction(String reversePath, Charset charset) {
    this.reversePath = reversePath;
    this.charset = charset;
  }

  /** What addresses may be made of (RFC 6531). */
  enum Charset {
    ASCII,
    UTF8
  }

  Charset charset() {
    return charset;
  }

  void add(String recipient) {
    recipients.add(recipient);
  }

  /** The only recipient is the bounce mailbox. */
  void addReportMailbox(String address) {
    report = true;
    recipients.add(address);
  }

  boolean isReport() {
    return report;
  }

  int recipients() {
    return recipients.size();
  }

  void add(byte[] chunk) {
    chunks.add(chunk);
    size += chunk.length;
  }

  /** Once it has a chunk it takes nothing but chunks (RFC 3030 section 2). */
  boolean hasChunks() {
    return !chunks.isEmpty();
  }

  /** Bytes of all chunks. */
  int size() {
    return size;
  }

  Mail ofChunks() {
    if (chunks.size() == 1) {
      return of(chunks.getFirst());
    }
    byte[] whole = new byte[size];
    int at = 0;
    for (byte[] chunk : chunks) {
      System.arraycopy(chunk, 0, whole, at, chunk.length);
      at += chunk.length;
    }
    return of(whole);
  }

  Mail of(byte[] content) {
    return report
        ? new Mail.Report(recipients.getFirst(), content)
        : new Mail.Submission(reversePath, recipients, content);
  }
}
