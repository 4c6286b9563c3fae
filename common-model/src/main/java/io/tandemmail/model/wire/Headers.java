package io.tandemmail.model.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Record headers without Kafka's types, so that deciding code can read and produce them. Order is kept; names repeat
 * (one {@code tandem-rcpt-to} per recipient). As with Kafka, the last value of a name counts where one is wanted.
 */
public record Headers(List<Header> all) {
  public static final Headers NONE = new Headers(List.of());

  public Headers {
    all = List.copyOf(all);
  }

  /** One header; the value is UTF-8 text unless a client put something else there. */
  public record Header(String name, byte[] value) {
    public static Header of(String name, String value) {
      return new Header(name, value.getBytes(StandardCharsets.UTF_8));
    }

    public String text() {
      return new String(value, StandardCharsets.UTF_8);
    }
  }

  public Optional<String> last(String name) {
    for (int i = all.size() - 1; i >= 0; i--) {
      if (all.get(i).name().equals(name)) {
        return Optional.of(all.get(i).text());
      }
    }
    return Optional.empty();
  }

  public List<String> every(String name) {
    List<String> values = new ArrayList<>(1);
    for (Header header : all) {
      if (header.name().equals(name)) {
        values.add(header.text());
      }
    }
    return values;
  }
}
