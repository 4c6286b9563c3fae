package io.tandemmail.model.suppression;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandemmail.model.json.Json;
import io.tandemmail.model.suppression.Suppression.Source;
import java.time.Instant;
import java.util.Optional;

/** JSON of {@code mail.suppressions} (docs/contract.md, "A suppression"). */
public final class SuppressionJson {
  private static final String NO_REASON = "no reason given";

  private SuppressionJson() {}

  public static byte[] write(Suppression suppression) {
    return Json.object(json -> {
      json.writeStringField("recipient", suppression.recipient());
      json.writeStringField("reason", suppression.reason());
      json.writeStringField("source", suppression.source().wireName());
      json.writeStringField("at", suppression.at().toString());
      if (suppression.route().isPresent()) {
        json.writeStringField("route", suppression.route().get());
      }
    });
  }

  /**
   * Reads whatever stands under a key. The key alone suppresses: a value that is no entry, from a producer of the user's
   * own, must not let mail through to an address that somebody wanted left alone.
   */
  public static Suppression read(String key, byte[] value) {
    Optional<JsonNode> json = Json.tree(value);
    return new Suppression(
        json.flatMap(entry -> Json.text(entry, "recipient")).orElse(key),
        json.flatMap(entry -> Json.text(entry, "reason")).orElse(NO_REASON),
        json.flatMap(entry -> Json.text(entry, "source"))
            .flatMap(Source::ofWireName)
            .orElse(Source.OPERATOR),
        json.flatMap(entry -> Json.instant(entry, "at")).orElse(Instant.EPOCH),
        json.flatMap(entry -> Json.text(entry, "route")));
  }
}
