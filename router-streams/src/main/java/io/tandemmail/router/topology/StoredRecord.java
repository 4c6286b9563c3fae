package io.tandemmail.router.topology;

import io.tandemmail.model.wire.Headers;
import io.tandemmail.model.wire.Headers.Header;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A whole record at rest in the schedule: headers and the bytes of the message. */
record StoredRecord(Headers headers, byte[] value) {

  byte[] write() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(value.length + 512);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(headers.all().size());
      for (Header header : headers.all()) {
        out.writeUTF(header.name());
        out.writeInt(header.value().length);
        out.write(header.value());
      }
      out.write(value);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return bytes.toByteArray();
  }

  static StoredRecord read(byte[] stored) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(stored))) {
      int count = in.readInt();
      List<Header> headers = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        headers.add(new Header(in.readUTF(), in.readNBytes(in.readInt())));
      }
      return new StoredRecord(new Headers(headers), in.readAllBytes());
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "scheduled record cut short at " + stored.length + " bytes", e);
    }
  }
}
