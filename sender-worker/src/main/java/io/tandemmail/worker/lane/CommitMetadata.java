package io.tandemmail.worker.lane;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Kafka keeps beside a committed offset, for the next owner: {@code ledger=77,returned=12}. Kafka takes 4,096 bytes;
 * this needs about a hundred.
 */
public record CommitMetadata(Positions positions) {
  private static final Pattern FIELD = Pattern.compile("([a-z]+)=([0-9]{1,18})");
  private static final String LEDGER = "ledger";
  private static final String RETURNED = "returned";

  public String write() {
    StringBuilder text = new StringBuilder(64);
    text.append(LEDGER).append('=').append(positions.ledger());
    if (positions.returned() != Positions.NOTHING_RETURNED) {
      text.append(',').append(RETURNED).append('=').append(positions.returned());
    }
    return text.toString();
  }

  /** Of what is missing or not ours the outcomes are read from their beginning: more than needed, never less. */
  public static CommitMetadata read(@Nullable String metadata) {
    Map<String, Long> fields = fields(metadata == null ? "" : metadata);
    return new CommitMetadata(
        new Positions(
            fields.getOrDefault(LEDGER, 0L),
            fields.getOrDefault(RETURNED, Positions.NOTHING_RETURNED)));
  }

  private static Map<String, Long> fields(String metadata) {
    Map<String, Long> fields = new HashMap<>();
    for (String field : metadata.split(",", -1)) {
      Matcher matcher = FIELD.matcher(field);
      if (matcher.matches()) {
        fields.put(matcher.group(1), Long.valueOf(matcher.group(2)));
      }
    }
    return fields;
  }
}
