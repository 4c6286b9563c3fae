package io.tandemmail.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tandemmail.model.json.Json;
import io.tandemmail.model.server.ServerCommand;
import io.tandemmail.model.server.ServerJson;
import io.tandemmail.model.server.ServerMode;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.wire.Topics;
import io.tandemmail.runtime.config.Live;
import io.tandemmail.runtime.http.OperationsServer;
import io.tandemmail.runtime.kafka.KafkaClients;
import io.tandemmail.runtime.lanes.LaneLagReader;
import io.tandemmail.runtime.metrics.Metrics;
import io.tandemmail.runtime.presence.PresenceBeacon;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** The console: status as JSON, gauges of the same readings, and the one order operators may give. */
public final class ConsoleService implements AutoCloseable {
  private static final long READ_EVERY_SECONDS = 2;
  private static final long COMMAND_WAIT_SECONDS = 5;

  private final Live<Settings> settings;
  private final StatusReader reader;
  private final StatusMeters meters;
  private final KafkaProducer<byte[], byte[]> commands;
  private final OperationsServer http;
  private final PresenceBeacon presence;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("status").factory());
  private volatile @Nullable ClusterStatus latest;

  /**
   * @param instance unique in the cluster
   */
  public static ConsoleService start(Live<Settings> settings, String instance, String version) {
    return new ConsoleService(settings, instance, version);
  }

  private ConsoleService(Live<Settings> settings, String instance, String version) {
    this.settings = settings;
    PrometheusMeterRegistry registry = Metrics.registry();
    meters = new StatusMeters(registry);
    reader = new StatusReader(settings, instance);
    commands = KafkaClients.producer(settings.get().kafka(), instance + "-commands");
    http =
        OperationsServer.start(
            settings.get().console(), "console.port", registry, this::notReady, this::routes);
    timer.scheduleWithFixedDelay(this::refresh, 0, READ_EVERY_SECONDS, TimeUnit.SECONDS);
    presence =
        PresenceBeacon.start(
            settings, new PresenceBeacon.Service(instance, "console", http.url(), version));
  }

  public String url() {
    return http.url();
  }

  @Override
  public void close() {
    presence.close();
    timer.shutdownNow();
    http.close();
    commands.close(Duration.ofSeconds(2));
    reader.close();
  }

  private void routes(JavalinConfig config) {
    config.routes.get(
        "/v1/servers", ctx -> read(ctx, status -> StatusJson.servers(status.servers())));
    config.routes.get("/v1/lanes", ctx -> read(ctx, status -> StatusJson.lanes(status.lanes())));
    config.routes.get("/v1/routes", ctx -> read(ctx, status -> StatusJson.routes(status.routes())));
    config.routes.get("/v1/services", ctx -> read(ctx, StatusJson::services));
    config.routes.get("/v1/status", ctx -> read(ctx, StatusJson::all));
    config.routes.put("/v1/servers/{id}/mode", this::command);
  }

  private interface View {
    byte[] of(ClusterStatus status);
  }

  private void read(Context ctx, View view) {
    ClusterStatus status = latest;
    if (status == null) {
      ctx.status(503).header("Retry-After", "2").result("no status could be read yet\n");
    } else {
      ctx.contentType("application/json").result(view.of(status));
    }
  }

  private void command(Context ctx) throws InterruptedException {
    String server = ctx.pathParam("id");
    Optional<JsonNode> body = Json.tree(ctx.bodyAsBytes());
    Optional<ServerMode> mode = body.flatMap(json -> mode(json.path("mode").asText()));
    if (!settings.get().servers().containsKey(server)) {
      ctx.status(404)
          .result(
              "unknown server; known: "
                  + String.join(", ", settings.get().servers().keySet())
                  + "\n");
      return;
    }
    if (mode.isEmpty()) {
      ctx.status(400).result("mode is missing or unknown; send {\"mode\":\"auto|drained|down\"}\n");
      return;
    }
    String by = body.get().path("by").asText("console");
    ServerCommand order =
        new ServerCommand(server, mode.get(), by, body.get().path("why").asText(), Instant.now());
    byte[] key = server.getBytes(StandardCharsets.UTF_8);
    try {
      commands
          .send(new ProducerRecord<>(Topics.SERVER_COMMANDS, key, ServerJson.write(order)))
          .get(COMMAND_WAIT_SECONDS, TimeUnit.SECONDS);
      ctx.contentType("application/json").result(ServerJson.write(order));
    } catch (ExecutionException | TimeoutException e) {
      ctx.status(503)
          .header("Retry-After", "2")
          .result("Kafka did not take the order in time; give it again\n");
    }
  }

  private static Optional<ServerMode> mode(String name) {
    for (ServerMode mode : ServerMode.values()) {
      if (mode.wireName().equals(name.toLowerCase(Locale.ROOT))) {
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }

  private Optional<String> notReady() {
    return latest == null ? Optional.of("no status could be read yet") : Optional.empty();
  }

  private void refresh() {
    try {
      ClusterStatus status = reader.read();
      latest = status;
      meters.show(status);
    } catch (LaneLagReader.Unavailable e) {
      // The last reading stands; the next one is two seconds away.
      meters.failed();
    }
  }
}
