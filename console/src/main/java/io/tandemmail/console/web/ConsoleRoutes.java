package io.tandemmail.console.web;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.tandemmail.console.ClusterStatus;
import io.tandemmail.console.HealthHistory;
import io.tandemmail.console.StatusJson;
import io.tandemmail.console.browser.BrowserRules;
import io.tandemmail.console.browser.Refusal;
import java.util.Optional;
import java.util.function.Supplier;

/** What the console answers, in one list. */
public final class ConsoleRoutes {
  private final Shown shown;
  private final EventStream stream;
  private final Orders orders;
  private final MessageSearch messages;
  private final BrowserRules rules;

  /** What there is to see. */
  public record Shown(Supplier<Optional<ClusterStatus>> status, HealthHistory history) {}

  /** What may be ordered. */
  public record Orders(ServerOrders servers, DrillOrders drills) {}

  public ConsoleRoutes(
      Shown shown, EventStream stream, Orders orders, MessageSearch messages, BrowserRules rules) {
    this.shown = shown;
    this.stream = stream;
    this.orders = orders;
    this.messages = messages;
    this.rules = rules;
  }

  public void add(JavalinConfig config) {
    config.routes.before(this::guard);
    Page.routes(config.routes);
    config.routes.get(
        "/v1/servers", ctx -> read(ctx, status -> StatusJson.servers(status.servers())));
    config.routes.get("/v1/lanes", ctx -> read(ctx, status -> StatusJson.lanes(status.lanes())));
    config.routes.get("/v1/routes", ctx -> read(ctx, status -> StatusJson.routes(status.routes())));
    config.routes.get("/v1/services", ctx -> read(ctx, StatusJson::services));
    config.routes.get("/v1/status", ctx -> read(ctx, StatusJson::all));
    config.routes.get(
        "/v1/history", ctx -> json(ctx, StatusJson.servers(shown.history.newestFirst())));
    config.routes.get(
        "/v1/stream", ctx -> stream.serve(ctx, () -> shown.status.get().map(StatusJson::all)));
    config.routes.get("/v1/messages/{id}", messages::get);
    config.routes.put("/v1/servers/{id}/mode", orders.servers::put);
    config.routes.get("/v1/drills", orders.drills::list);
    config.routes.get("/v1/drills/{id}", orders.drills::get);
    config.routes.post("/v1/drills", orders.drills::post);
  }

  private interface View {
    byte[] of(ClusterStatus status);
  }

  private void guard(Context ctx) {
    Page.protect(ctx);
    Optional<Refusal> refusal =
        rules.refuse(ctx.method().name(), name -> Optional.ofNullable(ctx.header(name)));
    if (refusal.isPresent()) {
      ctx.status(refusal.get().status()).result(refusal.get().text() + "\n");
      ctx.skipRemainingHandlers();
    }
  }

  private void read(Context ctx, View view) {
    shown
        .status
        .get()
        .ifPresentOrElse(
            status -> json(ctx, view.of(status)),
            () ->
                ctx.status(503).header("Retry-After", "2").result("no status could be read yet\n"));
  }

  private static void json(Context ctx, byte[] value) {
    ctx.contentType("application/json").result(value);
  }
}
