package io.tandemmail.router;

import io.javalin.http.Context;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.router.commit.CommitPaces;
import io.tandemmail.router.query.MessageQueries;
import io.tandemmail.router.query.MessageQueries.Answer;
import io.tandemmail.router.topology.RouterMeters;
import io.tandemmail.router.topology.RouterTopology;
import io.tandemmail.runtime.config.Live;
import io.tandemmail.runtime.http.OperationsServer;
import io.tandemmail.runtime.metrics.Metrics;
import io.tandemmail.runtime.presence.PresenceBeacon;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One router: the topology, its queries, its endpoints. Closing leaves the group at once, so others take over at once. */
public final class RouterService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RouterService.class);
  private static final Duration CLOSE_BUDGET = Duration.ofSeconds(15);

  private final KafkaStreams streams;
  private final MessageQueries queries;
  private final OperationsServer http;
  private final PresenceBeacon presence;
  private final KafkaStreamsMetrics streamsMetrics;

  private RouterService(
      KafkaStreams streams,
      MessageQueries queries,
      OperationsServer http,
      PresenceBeacon presence,
      KafkaStreamsMetrics streamsMetrics) {
    this.streams = streams;
    this.queries = queries;
    this.http = http;
    this.presence = presence;
    this.streamsMetrics = streamsMetrics;
  }

  /**
   * @param instance unique in the cluster; two routers on one machine need two
   * @param stateDir where state stores live; its loss costs time, not mail
   * @param onFatal run when it has given up for good: end the process, so that whoever supervises it starts another
   */
  public static RouterService start(
      Live<Settings> following, String instance, Path stateDir, String version, Runnable onFatal) {
    Settings settings = following.get();
    PrometheusMeterRegistry registry = Metrics.registry();
    // Started first: the state store's owner is known to other routers by this address.
    AtomicReference<MessageQueries> queries = new AtomicReference<>();
    AtomicReference<KafkaStreams> running = new AtomicReference<>();
    OperationsServer http =
        OperationsServer.start(
            settings.router(),
            "router.http.port",
            registry,
            () -> notReady(running.get()),
            config -> config.routes.get("/v1/messages/{id}", ctx -> answer(ctx, queries.get())));
    try {
      CommitPaces paces = new CommitPaces();
      KafkaStreams streams =
          new KafkaStreams(
              RouterTopology.of(following, new RouterMeters(registry), paces::ofThread),
              StreamsSettings.of(settings.kafka(), instance, http.hostAndPort(), stateDir),
              paces.clients(),
              new SteadyTime());
      streams.setUncaughtExceptionHandler(RouterService::replaceThread);
      streams.setStateListener(watch(instance, onFatal));
      HostInfo self = HostInfo.buildFromEndpoint(http.hostAndPort());
      queries.set(new MessageQueries(streams, self, settings.kafka(), instance));
      running.set(streams);
      KafkaStreamsMetrics streamsMetrics = new KafkaStreamsMetrics(streams);
      streamsMetrics.bindTo(registry);
      streams.start();
      PresenceBeacon presence =
          PresenceBeacon.start(
              following, new PresenceBeacon.Service(instance, "router", http.url(), version));
      return new RouterService(streams, queries.get(), http, presence, streamsMetrics);
    } catch (RuntimeException e) {
      http.close();
      throw e;
    }
  }

  public boolean isRunning() {
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  public String url() {
    return http.url();
  }

  @Override
  public void close() {
    presence.close();
    streamsMetrics.close();
    streams.close(
        CloseOptions.timeout(CLOSE_BUDGET)
            .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
    queries.close();
    http.close();
  }

  /** A router in ERROR does nothing any more, and nobody else takes its tasks over until its process is gone. */
  static KafkaStreams.StateListener watch(String instance, Runnable onFatal) {
    return (next, before) -> {
      LOG.info("router {}: {} -> {}", instance, before, next);
      if (next == KafkaStreams.State.ERROR) {
        LOG.error("router {} has given up; its process ends, start it again", instance);
        onFatal.run();
      }
    };
  }

  private static StreamThreadExceptionResponse replaceThread(Throwable e) {
    LOG.error(
        "a router thread failed and is replaced; its transaction was aborted, nothing is lost", e);
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  private static Optional<String> notReady(KafkaStreams streams) {
    KafkaStreams.State state = streams == null ? KafkaStreams.State.CREATED : streams.state();
    return state == KafkaStreams.State.RUNNING
        ? Optional.empty()
        : Optional.of("router is " + state);
  }

  private static void answer(Context ctx, MessageQueries queries) {
    String id = ctx.pathParam("id");
    Answer answer = queries == null ? new Answer.NotNow() : queries.find(id);
    switch (answer) {
      case Answer.Found found -> ctx.contentType("application/json").result(found.json());
      case Answer.Unknown unknown -> ctx.status(404).result("unknown id\n");
      case Answer.AskAt elsewhere ->
          ctx.status(307).header("Location", elsewhere.url() + ctx.path());
      case Answer.NotNow moving ->
          ctx.status(503).header("Retry-After", "1").result("partitions are moving\n");
    }
  }
}
