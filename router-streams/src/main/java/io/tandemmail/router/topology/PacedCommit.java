package io.tandemmail.router.topology;

import io.tandemmail.router.commit.CommitPace;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/** One task's part in its thread's pace: asks for a commit when one may be made. Kafka Streams then commits all of them. */
final class PacedCommit {
  private final ProcessorContext<?, ?> context;
  private final CommitPace pace;
  private final Alarm alarm;

  PacedCommit(ProcessorContext<?, ?> context, CommitPace pace) {
    this.context = context;
    this.pace = pace;
    alarm = new Alarm(context, 1, context::commit);
  }

  /** Something was read or appended that is not committed. */
  void soon() {
    if (pace.isDue(context.currentSystemTimeMs())) {
      context.commit();
    } else {
      alarm.setFor(pace.dueMillis());
    }
  }

  /** What is read now has waited before: {@link #soon} need not wait for its turn. */
  void hurry() {
    pace.hurry(context.currentSystemTimeMs());
  }
}
