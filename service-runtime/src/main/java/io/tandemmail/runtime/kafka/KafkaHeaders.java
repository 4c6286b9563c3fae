package io.tandemmail.runtime.kafka;

import io.tandemmail.model.wire.Headers;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Between Kafka's record headers and the model's. A null value, which Kafka allows, becomes an empty one. */
public final class KafkaHeaders {
  private static final byte[] EMPTY = {};

  private KafkaHeaders() {}

  public static Headers from(org.apache.kafka.common.header.Headers kafka) {
    Header[] given = kafka.toArray();
    Headers.Header[] all = new Headers.Header[given.length];
    for (int i = 0; i < all.length; i++) {
      byte[] value = given[i].value();
      all[i] = new Headers.Header(given[i].key(), value == null ? EMPTY : value);
    }
    return new Headers(List.of(all));
  }

  public static org.apache.kafka.common.header.Headers to(Headers headers) {
    RecordHeaders kafka = new RecordHeaders();
    for (Headers.Header header : headers.all()) {
      kafka.add(header.name(), header.value());
    }
    return kafka;
  }
}
