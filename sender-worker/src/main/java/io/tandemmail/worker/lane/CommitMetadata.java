package io.tandemmail.worker.lane;

import io.tandemmail.worker.quarantine.Suspicion;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Kafka keeps beside a committed offset, for the next owner: {@code ledger=77,returned=12,owned=1,inhand=3}. Kafka takes 4,096
 * bytes; this needs about a hundred.
 *
 * @param owner whether who wrote it still owned the partition, or let go of it with this commit
 * @param inHand how many of the first unfinished records may have been sent without a word of it on record
 */
public record CommitMetadata(Positions positions, Suspicion suspicion, Owner owner, int inHand) {
  /** What the last owner was doing. */
  public enum Owner {
    /** At work. Who finds this takes over from the dead. */
    AT_WORK,
    GONE
  }

  private static final Pattern FIELD = Pattern.compile("([a-z]+)=([0-9]{1,18})");
  private static final String LEDGER = "ledger";
  private static final String RETURNED = "returned";
  private static final String OWNED = "owned";
  private static final String DEATHS = "deaths";
  private static final String UNTIL = "until";
  private static final String SENT = "sent";
  private static final String IN_HAND = "inhand";

  /**
   * For a partition as it stands.
   *
   * @param most as {@link LeftInHand#most}
   */
  public static CommitMetadata of(
      OwnedPartition partition, Positions positions, Suspicion suspicion, Owner owner, int most) {
    int left = partition.leftInHand().count();
    // Who lets go with something under way leaves as much behind as one that dies.
    boolean underWay = owner == Owner.GONE && partition.busy() > 0;
    return new CommitMetadata(positions, suspicion, owner, underWay ? Math.max(left, most) : left);
  }

  public String write() {
    StringBuilder text = new StringBuilder(64);
    text.append(LEDGER).append('=').append(positions.ledger());
    if (positions.returned() != Positions.NOTHING_RETURNED) {
      text.append(',').append(RETURNED).append('=').append(positions.returned());
    }
    if (owner == Owner.AT_WORK) {
      text.append(',').append(OWNED).append("=1");
    }
    if (suspicion.deaths() > 0) {
      append(text, DEATHS, suspicion.deaths());
      append(text, UNTIL, suspicion.until());
      append(text, SENT, suspicion.sentTo());
    }
    if (inHand > 0) {
      append(text, IN_HAND, inHand);
    }
    return text.toString();
  }

  /** Of what is missing or not ours the outcomes are read from their beginning: more than needed, never less. */
  public static CommitMetadata read(@Nullable String metadata) {
    Map<String, Long> fields = fields(metadata == null ? "" : metadata);
    return new CommitMetadata(
        new Positions(
            fields.getOrDefault(LEDGER, 0L),
            fields.getOrDefault(RETURNED, Positions.NOTHING_RETURNED)),
        new Suspicion(
            (int) Math.min(3, fields.getOrDefault(DEATHS, 0L)),
            fields.getOrDefault(UNTIL, 0L),
            fields.getOrDefault(SENT, 0L)),
        fields.containsKey(OWNED) ? Owner.AT_WORK : Owner.GONE,
        (int) Math.min(Integer.MAX_VALUE, fields.getOrDefault(IN_HAND, 0L)));
  }

  /**
   * What is to be suspected by who takes over.
   *
   * @param low the committed offset
   * @param end of the lane now
   */
  public Suspicion inherited(long low, long end) {
    return switch (owner) {
      case AT_WORK -> suspicion.ownerDied(low, end);
      case GONE -> suspicion.ownerLeft(low);
    };
  }

  /**
   * What the owner that wrote this may have sent without a word of it on record.
   *
   * @param end of the lane now
   * @param most as {@link LeftInHand#most}
   */
  public LeftInHand leftInHand(long end, int most) {
    return new LeftInHand(owner == Owner.AT_WORK ? Math.max(inHand, most) : inHand, end);
  }

  private static void append(StringBuilder text, String name, long value) {
    text.append(',').append(name).append('=').append(value);
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
