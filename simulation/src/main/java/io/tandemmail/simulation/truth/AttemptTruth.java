package io.tandemmail.simulation.truth;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** One attempt from its beginning until its outcomes are in the ledger. */
public final class AttemptTruth {
  final MessageTruth message;
  final int attempt;
  final Object worker;
  final TopicPartition lane;

  /** Recipients whose outcome is not in the ledger yet. */
  final List<String> unrecorded;

  /** Recipients whose return is in the log: the successor knows that the router has them. */
  final List<String> givenBack = new ArrayList<>();

  Stage stage = Stage.BEGUN;
  boolean returns;
  boolean unclear;
  boolean inDoubt;
  boolean exposed;
  boolean listed;

  /** How far it got. */
  enum Stage {
    BEGUN,
    DOTTED,
    REPORTING
  }

  AttemptTruth(
      MessageTruth message,
      int attempt,
      Object worker,
      TopicPartition lane,
      List<String> recipients) {
    this.message = message;
    this.attempt = attempt;
    this.worker = worker;
    this.lane = lane;
    this.unrecorded = new ArrayList<>(recipients);
  }
}
