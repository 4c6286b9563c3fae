package io.tandemmail.sink;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tandemmail.sink.wire.DsnRequest;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The sink's word on what it took: one JSON line per message, handed to the system before {@link #write} returns, so that
 * even a killed sink has recorded everything that it answered.
 */
public final class MessageLog implements Closeable {
  private static final JsonFactory JSON = new JsonFactory();
  private final String sink;
  private final boolean fsync;
  private final FileOutputStream file;

  private MessageLog(String sink, boolean fsync, FileOutputStream file) {
    this.sink = sink;
    this.fsync = fsync;
    this.file = file;
  }

  /** Appends to the file. */
  static MessageLog open(String sink, Path path, boolean fsync) throws IOException {
    return new MessageLog(sink, fsync, new FileOutputStream(path.toFile(), true));
  }

  void write(ReceivedMessage message) throws IOException {
    byte[] line = line(message);
    synchronized (file) {
      file.write(line);
      if (fsync) {
        file.getFD().sync();
      }
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private byte[] line(ReceivedMessage message) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(320);
    try (JsonGenerator json = JSON.createGenerator(line)) {
      write(json, sink, message);
    }
    line.write('\n');
    return line.toByteArray();
  }

  /** The one shape of a message in JSON: in the log and at the control endpoint. */
  public static void write(JsonGenerator json, String sink, ReceivedMessage message)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("at", message.at().toString());
    json.writeStringField("sink", sink);
    json.writeStringField("key", message.messageKey());
    json.writeStringField("client", message.client());
    json.writeStringField("from", message.reversePath());
    json.writeArrayFieldStart("rcpt");
    for (String recipient : message.recipients()) {
      json.writeString(recipient);
    }
    json.writeEndArray();
    json.writeNumberField("size", message.size());
    json.writeStringField("sha256", message.contentSha256());
    if (message.chunks() > 0) {
      json.writeNumberField("chunks", message.chunks());
    }
    if (!message.dsn().isEmpty()) {
      write(json, message.dsn());
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, DsnRequest dsn) throws IOException {
    json.writeObjectFieldStart("dsn");
    json.writeStringField("ret", dsn.ret());
    json.writeStringField("envid", dsn.envid());
    json.writeArrayFieldStart("rcpt");
    for (DsnRequest.Recipient recipient : dsn.recipients()) {
      json.writeStartObject();
      json.writeStringField("notify", recipient.notifyOn());
      json.writeStringField("orcpt", recipient.originalRecipient());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
