package io.tandemmail.ingest.accept;

import io.tandemmail.model.disk.DiskGate;
import io.tandemmail.model.submission.FieldProblem;
import io.tandemmail.model.submission.SubmissionReader;
import io.tandemmail.model.submission.Submitted;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.runtime.time.SteadyClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** From a request's bytes to a durable submission, or to the reasons why not. The same for one message and for a batch. */
public final class Acceptance {
  /** Durable or refused within five seconds, with something left for the way. */
  public static final Duration ANSWER_WITHIN = Duration.ofMillis(4_500);

  private final Supplier<SubmissionReader> reader;
  private final SubmissionLog log;
  private final Duration answerWithin;
  private final Supplier<DiskGate> disks;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param answerWithin of append and acknowledgement together: rather refused in time than accepted late
   * @param disks whether there is room for new mail
   */
  public Acceptance(
      Supplier<SubmissionReader> reader,
      SubmissionLog log,
      Duration answerWithin,
      Supplier<DiskGate> disks) {
    this.reader = reader;
    this.log = log;
    this.answerWithin = answerWithin;
    this.disks = disks;
  }

  public sealed interface Answer {}

  /**
   * @param durable completes when the broker has it
   * @param deadlineNanos of {@link System#nanoTime}: when its submitter is owed an answer
   */
  public record Accepted(String id, CompletableFuture<Void> durable, long deadlineNanos)
      implements Answer {
    /** False when the broker has not said so by then; it may still come to have it. */
    public boolean awaitDurable() throws InterruptedException {
      try {
        durable.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        return true;
      } catch (ExecutionException | TimeoutException e) {
        return false;
      }
    }
  }

  public record Refused(List<FieldProblem> problems) implements Answer {}

  /**
   * Nothing was written: the same may be taken later.
   *
   * @param why what is short, and where
   */
  public record NoDisk(String why) implements Answer {}

  /** Why nothing is taken now, whatever it is; to be asked before a body is read. */
  public Optional<NoDisk> noDisk() {
    return disks.get().refusal().map(NoDisk::new);
  }

  /**
   * @param idempotencyKey the id as the request's header gives it
   */
  public Answer accept(Headers headers, byte[] value, Optional<String> idempotencyKey) {
    Optional<NoDisk> noDisk = noDisk();
    if (noDisk.isPresent()) {
      return noDisk.get();
    }
    Instant now = SteadyClock.now();
    long deadlineNanos = System.nanoTime() + answerWithin.toNanos();
    Optional<String> tandemId = headers.last(HeaderNames.ID);
    if (idempotencyKey.isPresent() && tandemId.isPresent() && !idempotencyKey.equals(tandemId)) {
      return new Refused(
          List.of(
              new FieldProblem(
                  "Idempotency-Key",
                  "differs from " + HeaderNames.ID,
                  "give the message's id in both, or leave one out")));
    }
    // Read without a key first: the id may be in the body, and only then do we know that none is
    // given.
    String proposed = idempotencyKey.or(() -> tandemId).orElse("");
    Submitted submitted = new Submitted(Optional.of(proposed), headers, value, 0, 0, now);
    return switch (reader.get().read(submitted)) {
      case SubmissionReader.Invalid invalid -> new Refused(invalid.problems());
      case SubmissionReader.Valid valid -> {
        boolean derived = proposed.isEmpty() && valid.facts().id().equals("submitted-0-0");
        String id = derived ? newId(now) : valid.facts().id();
        yield new Accepted(id, log.append(id, headers, value), deadlineNanos);
      }
    };
  }

  /** Time first, so that ids sort by age; then 80 random bits. */
  private String newId(Instant now) {
    byte[] bits = new byte[10];
    random.nextBytes(bits);
    return "%012x".formatted(now.toEpochMilli()) + HexFormat.of().formatHex(bits);
  }

  public static Headers headers(String contentType, List<Headers.Header> others) {
    List<Headers.Header> all = new ArrayList<>(others);
    all.add(Headers.Header.of(HeaderNames.CONTENT_TYPE, contentType));
    return new Headers(all);
  }
}
