package io.tandemmail.model.safety;

/**
 * One setting that takes a promise away.
 *
 * @param where the file and line, the topic, or the brokers
 * @param notPromised which invariant does not hold with it, in words
 */
public record Finding(
    Grade grade, String where, String setting, String value, String notPromised, String remedy) {

  /** How much is taken away. */
  public enum Grade {
    /** Mail can be lost or sent twice without a trace, or a service cannot run: it does not start. */
    UNSAFE,
    /** One failure less is survived, or it takes longer: said at each start. */
    WEAK
  }

  public boolean isUnsafe() {
    return grade == Grade.UNSAFE;
  }

  /** The same, found at a place that is better known. */
  public Finding at(String place) {
    return new Finding(grade, place, setting, value, notPromised, remedy);
  }

  /** One line: where, what, what is then not promised, the remedy. */
  public String text() {
    return "%s %s: %s = %s; then not promised: %s; %s"
        .formatted(grade, where, setting, value, notPromised, remedy);
  }
}
