package io.tandemmail.torture.load;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandemmail.model.json.Json;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** One submitter by HTTP: a batch after the other, each to the next ingest; a line without an answer comes again. */
final class Batches {
  private static final int LINES = 200;
  private static final Duration ANSWER = Duration.ofSeconds(15);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration GATHER = Duration.ofMillis(100);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final List<String> ingests;
  private final BlockingQueue<Mail> queue;
  private final Consumer<Mail> accepted;
  private int turn;

  Batches(List<String> ingests, int first, BlockingQueue<Mail> queue, Consumer<Mail> accepted) {
    this.ingests = ingests;
    this.turn = first;
    this.queue = queue;
    this.accepted = accepted;
  }

  void run() {
    try {
      while (true) {
        List<Mail> batch = next();
        String ingest = ingests.get(turn++ % ingests.size());
        boolean answered = post(ingest, batch);
        queue.addAll(batch);
        if (!answered) {
          Thread.sleep(PAUSE);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Mail> next() throws InterruptedException {
    List<Mail> batch = new ArrayList<>(LINES);
    batch.add(queue.take());
    Thread.sleep(GATHER);
    queue.drainTo(batch, LINES - 1);
    return batch;
  }

  /** Takes out of the batch what was accepted. False when something was not. */
  private boolean post(String ingest, List<Mail> batch) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(ingest + "/v1/messages/batch"))
            .header("content-type", "application/x-ndjson")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body(batch)))
            .build();
    Answers answers = new Answers(batch);
    CompletableFuture<HttpResponse<Void>> exchange =
        http.sendAsync(request, HttpResponse.BodyHandlers.fromLineSubscriber(answers));
    try {
      exchange.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      // The ingest is gone; the lines that it had answered count.
    } catch (TimeoutException e) {
      exchange.cancel(true);
    }
    List<Mail> done = answers.end();
    done.forEach(accepted);
    batch.removeAll(done);
    return batch.isEmpty();
  }

  private static byte[] body(List<Mail> batch) {
    ByteArrayOutputStream body = new ByteArrayOutputStream(1024 * batch.size());
    for (Mail mail : batch) {
      body.writeBytes(mail.json());
      body.write('\n');
    }
    return body.toByteArray();
  }

  /** Reads answers as they come: an ingest may die behind any of them. */
  private static final class Answers implements Flow.Subscriber<String> {
    private final List<Mail> batch;
    private final List<Mail> done = new ArrayList<>();
    private boolean over;

    Answers(List<Mail> batch) {
      this.batch = List.copyOf(batch);
    }

    /** What comes later does not count. */
    synchronized List<Mail> end() {
      over = true;
      return done;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public synchronized void onNext(String line) {
      Optional<JsonNode> answer =
          over ? Optional.empty() : Json.tree(line.getBytes(StandardCharsets.UTF_8));
      answer
          .filter(json -> json.has("id"))
          .ifPresent(json -> {
            Mail mail = batch.get(json.path("line").asInt() - 1);
            if (json.path("id").asText().equals(mail.id())) {
              done.add(mail);
            }
          });
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
  }
}
