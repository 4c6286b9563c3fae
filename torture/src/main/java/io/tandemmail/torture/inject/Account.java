package io.tandemmail.torture.inject;

import io.tandemmail.torture.check.Excuse;
import io.tandemmail.torture.check.Silence;
import io.tandemmail.torture.plan.Fault;
import io.tandemmail.torture.rig.Rig;
import io.tandemmail.torture.rig.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What was done for one fault; written while it happens. */
public final class Account {
  /** A record of a delivery may have been under way for this long when its worker died. */
  private static final Duration UNRECORDED_BEFORE = Duration.ofSeconds(10);

  /** What a dead or stopped worker had written is read by the server a little later. */
  private static final Duration READ_AFTER = Duration.ofSeconds(2);

  private final Fault fault;
  private final Instant begun;
  private final List<Excuse> excuses = new ArrayList<>();
  private final List<Silence> silences = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private Instant struck;
  private Instant mended;

  Account(Fault fault) {
    this.fault = fault;
    this.begun = Instant.now();
    this.struck = begun;
    this.mended = begun;
  }

  public Fault fault() {
    return fault;
  }

  public Instant begun() {
    return begun;
  }

  /** When what hurts was done. */
  public Instant struck() {
    return struck;
  }

  /** When everything that was broken ran again. */
  public Instant mended() {
    return mended;
  }

  public List<Excuse> excuses() {
    return excuses;
  }

  public List<Silence> silences() {
    return silences;
  }

  public List<String> notes() {
    return notes;
  }

  public List<String> problems() {
    return problems;
  }

  void strike() {
    struck = Instant.now();
  }

  void mend() {
    mended = Instant.now();
  }

  /** For people. */
  public void note(String text) {
    notes.add(text);
  }

  void problem(String text) {
    problems.add(text);
  }

  /**
   * This worker may have sent what it could not record.
   *
   * @param further how long it goes on sending after now
   */
  void excuse(Service worker, Duration further) {
    Instant now = Instant.now();
    excuses.add(
        new Excuse(
            fault.number(),
            Rig.client(worker.name()),
            now.minus(UNRECORDED_BEFORE),
            now.plus(further).plus(READ_AFTER),
            Rig.MAX_UNRECORDED));
  }

  /** From then to now this worker had to be silent. */
  void silence(Service worker, Instant from) {
    silences.add(new Silence(fault.number(), Rig.client(worker.name()), from, Instant.now()));
  }
}
