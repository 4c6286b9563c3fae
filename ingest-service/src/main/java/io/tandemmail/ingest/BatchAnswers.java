package io.tandemmail.ingest;

import io.tandemmail.ingest.accept.Acceptance;
import io.tandemmail.ingest.accept.BodyRoom;
import io.tandemmail.model.json.Json;
import io.tandemmail.model.submission.FieldProblem;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The answers of one batch, in the order of its lines, each as soon as its submission is durable. On a thread of its own: a
 * submitter that waits for answers before it sends more gets them, and one that does not read stops only its own lines.
 */
final class BatchAnswers {
  private static final int WINDOW_LINES = 1_000;
  private static final int WINDOW_KIB = 32 * BodyRoom.KIB;

  private final OutputStream out;

  /** Bounded by the window: a line takes its part of it before it is submitted. Empty: the end. */
  private final BlockingQueue<Optional<Pending>> queue = new LinkedBlockingQueue<>();

  private final Semaphore lines = new Semaphore(WINDOW_LINES);
  private final Semaphore kib = new Semaphore(WINDOW_KIB);
  private final Thread writer;
  private volatile @Nullable IOException failure;

  private record Pending(long line, int kib, Acceptance.Answer answer) {}

  BatchAnswers(OutputStream out) {
    this.out = out;
    this.writer = Thread.ofVirtual().name("batch-answers").start(this::write);
  }

  /**
   * Waits until the line fits into the window.
   *
   * @throws IOException when the answers can no longer be written
   */
  void awaitWindow(int bytes) throws IOException, InterruptedException {
    lines.acquire();
    kib.acquire(kib(bytes));
    if (failure != null) {
      throw new IOException("the submitter is gone", failure);
    }
  }

  void add(long line, int bytes, Acceptance.Answer answer) {
    queue.add(Optional.of(new Pending(line, kib(bytes), answer)));
  }

  /** Returns when the last answer is written, or cannot be. */
  void end() throws InterruptedException {
    queue.add(Optional.empty());
    writer.join();
  }

  private void write() {
    try {
      for (Optional<Pending> next = queue.take(); next.isPresent(); next = queue.take()) {
        byte[] answer = answer(next.get());
        if (failure == null) {
          send(answer);
        }
        lines.release();
        kib.release(next.get().kib);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(byte[] answer) {
    try {
      out.write(answer);
      out.write('\n');
      Optional<Pending> next = queue.peek();
      if (next == null || next.isPresent() && !isReady(next.get())) {
        out.flush();
      }
    } catch (IOException e) {
      failure = e;
    }
  }

  private static boolean isReady(Pending pending) {
    return switch (pending.answer) {
      case Acceptance.Refused refused -> true;
      case Acceptance.NoDisk none -> true;
      case Acceptance.Accepted accepted -> accepted.durable().isDone();
    };
  }

  private static byte[] answer(Pending pending) throws InterruptedException {
    return switch (pending.answer) {
      case Acceptance.Refused refused ->
          error(
              pending.line,
              refused.problems().stream()
                  .map(FieldProblem::toString)
                  .collect(Collectors.joining("; ")));
      case Acceptance.NoDisk none ->
          error(
              pending.line,
              "no room for new mail: " + none.why() + "; submit it again when there is");
      case Acceptance.Accepted accepted ->
          accepted.awaitDurable()
              ? Json.object(json -> {
                json.writeNumberField("line", pending.line);
                json.writeStringField("id", accepted.id());
              })
              : error(
                  pending.line,
                  "Kafka did not take it in time; submit it again with id " + accepted.id());
    };
  }

  private static byte[] error(long line, String error) {
    return Json.object(json -> {
      json.writeNumberField("line", line);
      json.writeStringField("error", error);
    });
  }

  private static int kib(int bytes) {
    return Math.min(WINDOW_KIB, bytes / BodyRoom.KIB + 1);
  }
}
