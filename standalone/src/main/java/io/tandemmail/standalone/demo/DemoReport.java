package io.tandemmail.standalone.demo;

import io.tandemmail.model.json.Json;
import java.util.Map;

/**
 * @param accepted acknowledged by the broker
 * @param delivered different messages the sinks took
 * @param duplicates copies beyond the first
 * @param failoverMillis from the primary's death to the first message the secondary took
 * @param failbackMillis from the primary's return to the first message it took
 */
public record DemoReport(
    long accepted,
    long delivered,
    Map<String, Long> deliveredBy,
    long lost,
    long duplicates,
    long failoverMillis,
    long failbackMillis,
    double ratePerSecond) {

  public boolean exactlyOnce() {
    return lost == 0 && duplicates == 0;
  }

  public byte[] json() {
    return Json.object(json -> {
      json.writeNumberField("accepted", accepted);
      json.writeNumberField("delivered", delivered);
      json.writeObjectFieldStart("deliveredBy");
      for (Map.Entry<String, Long> entry : deliveredBy.entrySet()) {
        json.writeNumberField(entry.getKey(), entry.getValue());
      }
      json.writeEndObject();
      json.writeNumberField("lost", lost);
      json.writeNumberField("duplicates", duplicates);
      json.writeNumberField("failoverMillis", failoverMillis);
      json.writeNumberField("failbackMillis", failbackMillis);
      json.writeNumberField("ratePerSecond", Math.round(ratePerSecond * 10) / 10.0);
    });
  }

  String text() {
    StringBuilder text = new StringBuilder("\n");
    text.append("accepted    %,d%n".formatted(accepted));
    text.append("delivered   %,d".formatted(delivered));
    deliveredBy.forEach((server, count) -> text.append("   %s %,d".formatted(server, count)));
    text.append("%nlost        %d%nduplicates  %d%n".formatted(lost, duplicates));
    text.append(
        "failover    %d ms from the primary's death to the secondary's first delivery%n"
            .formatted(failoverMillis));
    text.append(
        "failback    %d ms from the primary's return to its first delivery%n"
            .formatted(failbackMillis));
    text.append("rate        %,.0f messages/s over the whole run%n".formatted(ratePerSecond));
    text.append(
        exactlyOnce()
            ? "Every message arrived exactly once.\n"
            : "NOT every message arrived exactly once.\n");
    return text.toString();
  }
}
