package io.tandemmail.ingest;

import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tandemmail.ingest.accept.Acceptance;
import io.tandemmail.ingest.accept.ApiKeys;
import io.tandemmail.ingest.accept.BodyRoom;
import io.tandemmail.ingest.accept.KafkaSubmissionLog;
import io.tandemmail.ingest.accept.SubmissionLog;
import io.tandemmail.model.disk.DiskGate;
import io.tandemmail.model.service.ServicePresence;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.submission.SubmissionReader;
import io.tandemmail.runtime.config.Live;
import io.tandemmail.runtime.disk.DiskWatch;
import io.tandemmail.runtime.http.OperationsServer;
import io.tandemmail.runtime.kafka.KafkaClients;
import io.tandemmail.runtime.lookup.RouterLookup;
import io.tandemmail.runtime.metrics.Metrics;
import io.tandemmail.runtime.presence.PresenceBeacon;
import io.tandemmail.runtime.presence.ServiceDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One ingest service, wired in the order a submission travels. */
public final class IngestService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(IngestService.class);

  /** 256 MiB of bodies at once; more than that, and the submitter is asked to come back. */
  private static final int BODIES_MAX_KIB = 256 * BodyRoom.KIB;

  private static final Duration KAFKA_WAIT = Duration.ofSeconds(3);

  private final SubmissionLog log;
  private final ServiceDirectory directory;
  private final RouterLookup lookup;
  private final DiskWatch disks;
  private final OperationsServer http;
  private final Optional<SmtpDoor> smtp;
  private final PresenceBeacon presence;

  /**
   * @param instance unique in the cluster
   */
  public static IngestService start(Live<Settings> following, String instance, String version) {
    return new IngestService(following, instance, version);
  }

  private IngestService(Live<Settings> following, String instance, String version) {
    Settings settings = following.get();
    PrometheusMeterRegistry registry = Metrics.registry();
    Live<ApiKeys> keys = following.map(now -> ApiKeys.load(now.ingest().apiKeysFile()));
    log = new KafkaSubmissionLog(settings.kafka(), instance, registry);
    directory = ServiceDirectory.start(settings.kafka(), instance);
    lookup = new RouterLookup(this::routers);
    BodyRoom room = new BodyRoom(BODIES_MAX_KIB);
    DiskMeters meters = new DiskMeters(registry);
    disks =
        DiskWatch.start(
            settings.kafka(),
            instance,
            () -> following.get().ingest().minFreeDiskBytes(),
            meters::show);
    meters.watch(disks::gate);
    Doors doors =
        new Doors(
            log, new StatusHandler(lookup), keys, room, Acceptance.ANSWER_WITHIN, disks::gate);
    http =
        OperationsServer.start(
            settings.ingest().http(),
            "ingest.http.port",
            registry,
            () -> doors.noDisk().or(() -> KafkaClients.unreachable(settings.kafka(), KAFKA_WAIT)),
            config -> routes(config, following, doors, registry));
    smtp =
        settings
            .ingest()
            .smtp()
            .map(wanted -> new SmtpDoor(following, doors, lookup, instance, registry));
    presence =
        PresenceBeacon.start(
            following, new PresenceBeacon.Service(instance, "ingest", http.url(), version));
  }

  public String url() {
    return http.url();
  }

  /** The routers that are there. */
  public List<ServicePresence> routers() {
    return directory.live("router");
  }

  /** {@code address:port}; empty where there is no SMTP submission. */
  public Optional<String> smtpAddress() {
    return smtp.map(SmtpDoor::address);
  }

  @Override
  public void close() {
    presence.close();
    smtp.ifPresent(SmtpDoor::close);
    http.close();
    disks.close();
    lookup.close();
    directory.close();
    log.close();
  }

  /** What the routes lead to, and who may pass. */
  record Doors(
      SubmissionLog log,
      StatusHandler status,
      Supplier<ApiKeys> keys,
      BodyRoom room,
      Duration answerWithin,
      Supplier<DiskGate> disks) {
    /** Why no new mail is taken. */
    Optional<String> noDisk() {
      return disks.get().refusal();
    }

    Acceptance acceptance(Live<Settings> settings) {
      Live<SubmissionReader> reader =
          settings.map(now ->
              new SubmissionReader(
                  SubmissionReader.Limits.of(now.ingest().maxMessageSizeBytes()),
                  now.routes().keySet()));
      return new Acceptance(reader, log, answerWithin, disks);
    }
  }

  static void routes(
      JavalinConfig config,
      Live<Settings> settings,
      Doors doors,
      PrometheusMeterRegistry registry) {
    int maxBytes = settings.get().ingest().maxMessageSizeBytes();
    Acceptance acceptance = doors.acceptance(settings);
    SubmissionHandler submissions =
        new SubmissionHandler(acceptance, maxBytes, doors.room, registry);
    BatchHandler batches = new BatchHandler(acceptance, maxBytes, doors.room);
    byte[] openapi = resource("openapi.json");
    config.http.prefer405over404 = true;
    problems(config.routes);
    config.routes.before("/v1/*", ctx -> authorize(ctx, doors.keys.get()));
    config.routes.post("/v1/messages", submissions::post);
    config.routes.post("/v1/messages/batch", batches::post);
    config.routes.get("/v1/messages/{id}", doors.status::get);
    config.routes.get("/openapi.json", ctx -> ctx.contentType("application/json").result(openapi));
  }

  /** Every error is RFC 9457's; what went wrong inside is for the log only. */
  private static void problems(RoutesConfig routes) {
    routes.exception(
        HttpResponseException.class,
        (refusal, ctx) -> {
          String allowed = refusal.getDetails().get("availableMethods");
          if (allowed != null) {
            ctx.header("Allow", allowed);
          }
          Problem.of(refusal).answer(ctx);
        });
    routes.exception(IOException.class, (failure, ctx) -> Problem.unreadable(failure).answer(ctx));
    routes.exception(
        HttpException.RuntimeException.class,
        (failure, ctx) -> Problem.unreadable(failure).answer(ctx));
    routes.exception(
        Exception.class,
        (defect, ctx) -> {
          LOG.error("{} {} failed", ctx.method(), ctx.path(), defect);
          Problem.of(500, "Internal error", "try again; the service's log says what happened")
              .answer(ctx);
        });
  }

  private static void authorize(Context ctx, ApiKeys keys) {
    if (!keys.allow(Optional.ofNullable(ctx.header("Authorization")))) {
      Problem.of(401, "Unauthorized", "send Authorization: Bearer <api key>").answer(ctx);
      ctx.header("WWW-Authenticate", "Bearer");
      ctx.skipRemainingHandlers();
    }
  }

  private static byte[] resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(IngestService.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("the jar lacks " + name, e);
    }
  }
}
