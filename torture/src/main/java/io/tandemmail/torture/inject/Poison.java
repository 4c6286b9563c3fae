package io.tandemmail.torture.inject;

import io.tandemmail.model.settings.KafkaSettings;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.kafka.KafkaClients;
import io.tandemmail.torture.plan.Fault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** P1: records that no submission is made of, among the mail. */
public final class Poison {
  private static final int MIB = 1 << 20;

  private final KafkaSettings kafka;
  private final String run;
  private final Map<String, Long> sentAtMillis = new ConcurrentHashMap<>();

  Poison(KafkaSettings kafka, String run) {
    this.kafka = kafka;
    this.run = run;
  }

  /** Keys of what was acknowledged, and when: each has to be on mail.rejected. */
  public Map<String, Long> sentAtMillis() {
    return new TreeMap<>(sentAtMillis);
  }

  void among(Fault fault, Account account) throws InterruptedException {
    account.strike();
    try (KafkaProducer<byte[], byte[]> producer = KafkaClients.producer(kafka, "torture-poison")) {
      for (Map.Entry<String, byte[]> one : values().entrySet()) {
        String key = Others.poison(run, fault.number(), one.getKey());
        send(
            producer,
            key,
            one.getValue(),
            List.of(header(HeaderNames.CONTENT_TYPE, HeaderNames.JSON)));
        Thread.sleep(Duration.ofMillis(100));
      }
      String key = Others.poison(run, fault.number(), "null");
      send(producer, key, null, List.of());
      key = Others.poison(run, fault.number(), "headers");
      send(producer, key, "x\r\n\r\nx".getBytes(StandardCharsets.UTF_8), bomb());
      Thread.sleep(fault.duration());
    } catch (ExecutionException e) {
      account.problem("a poison record was not taken: " + e.getCause());
    }
    account.note(values().size() + 2 + " poison records");
  }

  private static Map<String, byte[]> values() {
    Map<String, byte[]> values = new TreeMap<>();
    values.put("text", "this is no JSON".getBytes(StandardCharsets.UTF_8));
    values.put("brackets", "[".repeat(MIB).getBytes(StandardCharsets.UTF_8));
    values.put("recipients", recipients(100_000));
    values.put(
        "line-ends",
        "{\"from\":\"a@example.com\\r\\nBcc: b@example.com\",\"to\":[\"c@example.net\\r\\n\"],\"subject\":\"x\\r\\ny\",\"text\":\"x\"}"
            .getBytes(StandardCharsets.UTF_8));
    values.put("bytes", new byte[] {0, 1, 2, (byte) 0xff, (byte) 0xfe});
    values.put("empty", new byte[0]);
    return values;
  }

  private static byte[] recipients(int count) {
    StringBuilder json =
        new StringBuilder("{\"from\":\"a@example.com\",\"subject\":\"x\",\"text\":\"x\",\"to\":[");
    for (int i = 0; i < count; i++) {
      json.append(i == 0 ? "" : ",").append("\"r").append(i).append("@example.net\"");
    }
    return json.append("]}").toString().getBytes(StandardCharsets.UTF_8);
  }

  /** A thousand headers, none of which has a proper value. */
  private static List<Header> bomb() {
    List<Header> headers = new ArrayList<>();
    headers.add(header(HeaderNames.CONTENT_TYPE, HeaderNames.RFC822));
    headers.add(header(HeaderNames.MAIL_FROM, "a@example.com\r\nRCPT TO:<b@example.com>"));
    for (int i = 0; i < 1_000; i++) {
      headers.add(header(HeaderNames.RCPT_TO, "\r\n" + i));
    }
    return headers;
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
  }

  private void send(
      KafkaProducer<byte[], byte[]> producer,
      String key,
      byte @Nullable [] value,
      List<Header> headers)
      throws InterruptedException, ExecutionException {
    byte[] name = key.getBytes(StandardCharsets.UTF_8);
    producer.send(new ProducerRecord<>(Topics.SUBMITTED, null, name, value, headers)).get();
    sentAtMillis.put(key, System.currentTimeMillis());
  }
}
