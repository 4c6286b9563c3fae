package io.tandemmail.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tandemmail.console.ClusterStatus.RouteStatus;
import io.tandemmail.model.disk.LogDir;
import io.tandemmail.model.json.Json;
import io.tandemmail.model.server.DriftJson;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.service.ServicePresence;
import io.tandemmail.runtime.lanes.LaneLag;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Status as JSON (docs/contract.md, "HTTP (console)"). */
public final class StatusJson {
  private StatusJson() {}

  public static byte[] all(ClusterStatus status) {
    return Json.object(json -> {
      json.writeFieldName("servers");
      raw(json, servers(status.servers()));
      json.writeFieldName("lanes");
      raw(json, lanes(status.lanes()));
      json.writeFieldName("routes");
      raw(json, routes(status.routes()));
      json.writeFieldName("services");
      raw(json, services(status));
      json.writeFieldName("brokers");
      raw(json, brokers(status.disks()));
      writeRefusal(json, status.disks());
      json.writeStringField("configHash", status.configHash());
      json.writeStringField("at", status.at().toString());
    });
  }

  /** One element of {@link #servers}. */
  public static byte[] server(ServerHealth server) {
    return Json.object(json -> writeFields(json, server));
  }

  public static byte[] servers(List<ServerHealth> servers) {
    return array(json -> {
      for (ServerHealth server : servers) {
        json.writeStartObject();
        writeFields(json, server);
        json.writeEndObject();
      }
    });
  }

  public static byte[] lanes(List<LaneLag> lanes) {
    return array(json -> {
      for (LaneLag lane : lanes) {
        json.writeStartObject();
        json.writeStringField("route", lane.route());
        json.writeStringField("server", lane.server());
        json.writeStringField("role", lane.role().wireName());
        json.writeNumberField("lag", lane.lag());
        writeKnown(json, "oldestAgeSeconds", lane.oldestAgeSeconds());
        json.writeFieldName("ratePerSecond");
        json.writeNumber(decimal(lane.ratePerSecond()));
        writeKnown(json, "drainSeconds", lane.drainSeconds());
        json.writeEndObject();
      }
    });
  }

  public static byte[] routes(List<RouteStatus> routes) {
    return array(json -> {
      for (RouteStatus route : routes) {
        json.writeStartObject();
        json.writeStringField("id", route.id());
        json.writeNumberField("accepted", route.accepted());
        json.writeNumberField("delivered", route.delivered());
        json.writeNumberField("failed", route.failed());
        json.writeNumberField("waiting", route.waiting());
        json.writeNumberField("unaccounted", route.unaccounted());
        json.writeEndObject();
      }
    });
  }

  public static byte[] services(ClusterStatus status) {
    return array(json -> {
      for (ServicePresence service : status.services()) {
        json.writeStartObject();
        json.writeStringField("instance", service.instance());
        json.writeStringField("kind", service.kind());
        json.writeStringField("url", service.url());
        json.writeStringField("configHash", service.configHash());
        json.writeBooleanField("configLags", status.lags(service));
        json.writeStringField("version", service.version());
        json.writeStringField("at", service.at().toString());
        json.writeEndObject();
      }
    });
  }

  static byte[] brokers(ClusterStatus.Disks disks) {
    return array(json -> {
      for (LogDir dir : disks.logDirs()) {
        json.writeStartObject();
        json.writeNumberField("id", dir.broker());
        json.writeStringField("logDir", dir.path());
        json.writeNumberField("usableBytes", dir.usableBytes());
        json.writeNumberField("totalBytes", dir.totalBytes());
        json.writeEndObject();
      }
    });
  }

  private static void writeRefusal(JsonGenerator json, ClusterStatus.Disks disks)
      throws IOException {
    if (disks.refusal().isPresent()) {
      json.writeStringField("refusesNewMail", disks.refusal().get());
    }
  }

  private static void writeFields(JsonGenerator json, ServerHealth server) throws IOException {
    json.writeStringField("id", server.server());
    json.writeStringField("state", server.state().name());
    json.writeNumberField("share", server.share());
    json.writeNumberField("epoch", server.epoch());
    json.writeStringField("since", server.since().toString());
    json.writeStringField("evidence", server.evidence());
    json.writeStringField("mode", server.mode().wireName());
    if (server.slow()) {
      json.writeBooleanField("slow", true);
    }
    DriftJson.writeArray(json, server.drift());
  }

  private static void raw(JsonGenerator json, byte[] value) throws IOException {
    json.writeRawValue(new String(value, StandardCharsets.UTF_8));
  }

  private static void writeKnown(JsonGenerator json, String name, OptionalDouble value)
      throws IOException {
    json.writeFieldName(name);
    if (value.isPresent()) {
      json.writeNumber(decimal(value.getAsDouble()));
    } else {
      json.writeNull();
    }
  }

  private static String decimal(double number) {
    return String.format(Locale.ROOT, "%.3f", number);
  }

  private static byte[] array(Json.Fields elements) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = Json.FACTORY.createGenerator(bytes)) {
      json.writeStartArray();
      elements.writeTo(json);
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return bytes.toByteArray();
  }
}
