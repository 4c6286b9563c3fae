package io.tandemmail.console.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.tandemmail.console.drill.DrillBook;
import io.tandemmail.console.drill.DrillReportText;
import io.tandemmail.model.drill.DrillPlan;
import io.tandemmail.model.drill.DrillReport;
import io.tandemmail.model.drill.DrillReportJson;
import io.tandemmail.model.json.Json;
import io.tandemmail.model.server.Drill;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.runtime.time.SteadyClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** {@code /v1/drills}: what came of drills, and the order for another. */
public final class DrillOrders {
  private static final int TEXT_CHARS_MAX = 500;
  private static final int HOLD_SECONDS = 10;
  private static final int HOLD_SECONDS_MAX = 3_600;
  private static final String JSON = "application/json";
  private static final String HTML = "text/html";

  private final Supplier<Settings> settings;
  private final DrillBook book;

  public DrillOrders(Supplier<Settings> settings, DrillBook book) {
    this.settings = settings;
    this.book = book;
  }

  void list(Context ctx) {
    String all =
        book.reports().stream().map(JsonNode::toString).collect(Collectors.joining(",", "[", "]"));
    ctx.contentType(JSON).result(all);
  }

  /** A page for browsers, JSON for programs; JSON too where the report is of a kind that is not known here. */
  void get(Context ctx) {
    Optional<JsonNode> found = book.report(ctx.pathParam("id"));
    if (found.isEmpty()) {
      ctx.status(404).result("unknown drill; one that still runs has no report yet\n");
      return;
    }
    ctx.header("Vary", "Accept");
    Optional<DrillReport> report =
        MediaPreference.of(ctx.header("Accept")).rather(HTML, JSON)
            ? DrillReportJson.read(found.get())
            : Optional.empty();
    if (report.isPresent()) {
      Page.protectStyled(ctx, DrillReportText.STYLE);
      ctx.contentType(HTML + "; charset=utf-8").result(DrillReportText.html(report.get()));
    } else {
      ctx.contentType(JSON).result(found.get().toString());
    }
  }

  void post(Context ctx) {
    JsonNode body = Json.tree(ctx.bodyAsBytes()).orElse(null);
    if (body == null) {
      ctx.status(400).result("send {\"route\":\"…\"}; see docs/drills.md\n");
      return;
    }
    DrillPlan plan;
    try {
      plan = plan(body);
    } catch (IllegalArgumentException impossible) {
      ctx.status(400).result(impossible.getMessage() + "\n");
      return;
    }
    DrillReport.Origin origin =
        new DrillReport.Origin(text(body, "by", "console"), text(body, "why", ""));
    DrillBook.Inspection inspection =
        body.path("survey").asBoolean(true)
            ? DrillBook.Inspection.FROM_HERE
            : DrillBook.Inspection.BY_WORKERS;
    if (book.begin(plan, origin, inspection)) {
      byte[] answer = Json.object(json -> json.writeStringField("id", plan.id()));
      ctx.status(202).contentType(JSON).result(new String(answer, StandardCharsets.UTF_8));
    } else {
      ctx.status(409).result("this console runs a drill already; wait for its report\n");
    }
  }

  private DrillPlan plan(JsonNode body) {
    Settings now = settings.get();
    RouteSettings route = now.routes().get(body.path("route").asText());
    if (route == null) {
      throw new IllegalArgumentException(
          "route is missing or unknown; known: " + String.join(", ", now.routes().keySet()));
    }
    String name = body.path("kind").asText(Drill.Kind.PRIMARY_LOSS.wireName());
    Drill.Kind kind =
        Drill.Kind.ofWireName(name)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "kind is unknown; use primary-loss, drain or overload"));
    int hold = body.path("holdSeconds").asInt(HOLD_SECONDS);
    if (hold < 1 || hold > HOLD_SECONDS_MAX) {
      throw new IllegalArgumentException("holdSeconds must be 1 to " + HOLD_SECONDS_MAX);
    }
    int canary = body.path("canaryPercent").asInt(Drill.WHOLE_ROUTE);
    return DrillPlan.of(
        DrillPlan.newId(SteadyClock.now()), route, kind, canary, Duration.ofSeconds(hold));
  }

  private static String text(JsonNode body, String field, String otherwise) {
    String text = OperatorText.printable(body.path(field).asText(otherwise));
    return text.substring(0, Math.min(text.length(), TEXT_CHARS_MAX));
  }
}
