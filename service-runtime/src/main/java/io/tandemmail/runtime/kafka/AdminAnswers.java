package io.tandemmail.runtime.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaFuture;

/** Answers of an {@code Admin} to several questions, all within one time; what could not be read is said and keeps nothing else from being read. */
public final class AdminAnswers {
  private final long deadlineNanos;
  private final List<String> unseen = new ArrayList<>();

  private AdminAnswers(Duration within) {
    this.deadlineNanos = System.nanoTime() + within.toNanos();
  }

  /** The time runs from now on. */
  public static AdminAnswers within(Duration within) {
    return new AdminAnswers(within);
  }

  /**
   * @param what was asked for, for people: {@code the list of topics}
   * @return empty when it was refused, there was none in time, or the thread was interrupted, and then it still is
   */
  public <T> Optional<T> of(KafkaFuture<T> asked, String what) {
    try {
      long left = Math.max(0, deadlineNanos - System.nanoTime());
      return Optional.of(asked.get(left, TimeUnit.NANOSECONDS));
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      miss("cannot read " + what + ": " + cause.getMessage());
    } catch (TimeoutException e) {
      miss("cannot read " + what + ": no answer in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      miss("cannot read " + what + ": interrupted");
    }
    return Optional.empty();
  }

  /** Something is not there to be read. */
  public void miss(String why) {
    unseen.add(why);
  }

  /** What could not be read, one line each. */
  public List<String> unseen() {
    return List.copyOf(unseen);
  }
}
