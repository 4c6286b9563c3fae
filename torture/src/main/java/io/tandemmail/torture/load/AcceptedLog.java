package io.tandemmail.torture.load;

import io.tandemmail.model.json.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.BitSet;
import java.util.concurrent.CountDownLatch;

/** What was accepted: a line per message, written after the answer and never before. */
final class AcceptedLog implements AutoCloseable {
  private final OutputStream file;
  private final BitSet accepted = new BitSet();
  private final CountDownLatch open;
  private int count;

  AcceptedLog(Path path, int messages) throws IOException {
    file =
        new BufferedOutputStream(
            Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    open = new CountDownLatch(messages);
  }

  /** An id that was answered twice is in the log once. */
  synchronized void note(Mail mail, Instant at) throws IOException {
    if (accepted.get(mail.number())) {
      return;
    }
    accepted.set(mail.number());
    file.write(
        Json.object(json -> {
          json.writeStringField("at", at.toString());
          json.writeStringField("id", mail.id());
          json.writeStringField("way", mail.way().name());
          json.writeArrayFieldStart("rcpt");
          for (String recipient : mail.recipients()) {
            json.writeString(recipient);
          }
          json.writeEndArray();
        }));
    file.write('\n');
    count++;
    open.countDown();
  }

  synchronized int count() {
    return count;
  }

  CountDownLatch open() {
    return open;
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
