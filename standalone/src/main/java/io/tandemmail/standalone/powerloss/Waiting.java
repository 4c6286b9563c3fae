package io.tandemmail.standalone.powerloss;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;

/** For the broker's answers. A coordinator that still loads refuses, so a refusal is no answer yet; after a while it is fatal. */
final class Waiting {
  private static final long CALL_SECONDS = 30;
  private static final Duration UNTIL = Duration.ofSeconds(90);

  private Waiting() {}

  /**
   * @throws KafkaException the broker's refusal, or that there was no answer
   */
  static <T> T answer(KafkaFuture<T> asked) {
    try {
      return asked.get(CALL_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException refused ? refused : new KafkaException(e);
    } catch (TimeoutException e) {
      throw new KafkaException("no answer within " + CALL_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted", e);
    }
  }

  static void until(String done, BooleanSupplier isSo) {
    long deadlineNanos = System.nanoTime() + UNTIL.toNanos();
    Optional<KafkaException> refused = Optional.empty();
    do {
      try {
        if (isSo.getAsBoolean()) {
          return;
        }
        TimeUnit.MILLISECONDS.sleep(100);
      } catch (KafkaException e) {
        refused = Optional.of(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted before it had " + done, e);
      }
    } while (System.nanoTime() < deadlineNanos);
    throw new IllegalStateException(
        "not " + done + " within " + UNTIL.toSeconds() + " s; nothing was sent, start again",
        refused.orElse(null));
  }
}
