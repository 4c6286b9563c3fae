package io.tandemmail.torture.check;

/**
 * A thing that must not be.
 *
 * @param rule that was broken
 * @param detail id, recipient, and what was seen
 */
public record Finding(Rule rule, String detail) {

  /** What has to hold. */
  public enum Rule {
    LOST("accepted, with neither a final outcome nor a copy, or delivered without a copy"),
    UNFINISHED("without a final outcome at the end"),
    TWO_ENDS("more than one final outcome, and no second copy to go with it"),
    UNEXPLAINED_DUPLICATE("a second copy that is neither in doubt nor of a logged fault"),
    UNLISTED("a second copy, and no in-doubt event that names the recipient"),
    DIFFERENT_BYTES("copies of one message that are not the same"),
    TOO_MANY_EXCUSED("more second copies than a worker may have unrecorded"),
    STRANGER("taken or ended without being accepted"),
    CONSERVATION("counts that do not add up"),
    POISON("a poison record that is not on mail.rejected"),
    LATE_REFUSAL("ingest did not refuse within 5 s while Kafka could not take mail"),
    SENT_WHILE_CUT_OFF("a worker that was cut off from the brokers went on sending"),
    NOT_HEALED("a process did not come back, or mail still waited when the healing time was over");

    private final String meaning;

    Rule(String meaning) {
      this.meaning = meaning;
    }

    public String meaning() {
      return meaning;
    }
  }
}
