package io.tandemmail.console;

import io.tandemmail.console.ClusterStatus.RouteStatus;
import io.tandemmail.model.disk.ByteSize;
import io.tandemmail.model.disk.LogDir;
import io.tandemmail.model.server.Drift;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.service.ServicePresence;
import io.tandemmail.runtime.lanes.LaneLag;
import java.util.OptionalDouble;

/** Status for people. */
public final class StatusTable {
  private StatusTable() {}

  public static String text(ClusterStatus status) {
    StringBuilder text = new StringBuilder();
    line(text, "%-20s %-15s %6s %6s  %s", "SERVER", "STATE", "SHARE", "EPOCH", "EVIDENCE");
    for (ServerHealth server : status.servers()) {
      String evidence = server.evidence().replaceAll("\\p{Cntrl}", "?");
      line(
          text,
          "%-20s %-15s %5d%% %6d  %s",
          server.server(),
          server.state() + (server.slow() ? " slow" : ""),
          server.share(),
          server.epoch(),
          evidence);
    }
    text.append('\n');
    drift(text, status);
    line(
        text,
        "%-16s %-20s %-10s %9s %9s %8s %8s",
        "LANE",
        "SERVER",
        "ROLE",
        "LAG",
        "OLDEST s",
        "RATE/s",
        "DRAIN s");
    for (LaneLag lane : status.lanes()) {
      line(
          text,
          "%-16s %-20s %-10s %9d %9s %8.1f %8s",
          lane.route(),
          lane.server(),
          lane.role().wireName(),
          lane.lag(),
          known(lane.oldestAgeSeconds()),
          lane.ratePerSecond(),
          known(lane.drainSeconds()));
    }
    text.append('\n');
    line(
        text,
        "%-16s %10s %10s %8s %10s %12s",
        "ROUTE",
        "ACCEPTED",
        "DELIVERED",
        "FAILED",
        "WAITING",
        "UNACCOUNTED");
    for (RouteStatus route : status.routes()) {
      line(
          text,
          "%-16s %10d %10d %8d %10d %12d",
          route.id(),
          route.accepted(),
          route.delivered(),
          route.failed(),
          route.waiting(),
          route.unaccounted());
    }
    text.append('\n');
    disks(text, status.disks());
    line(text, "%-8s %-20s %-28s %s", "SERVICE", "INSTANCE", "URL", "CONFIG");
    for (ServicePresence service : status.services()) {
      line(
          text,
          "%-8s %-20s %-28s %s",
          service.kind(),
          service.instance(),
          service.url(),
          service.configHash()
              + (status.lags(service) ? "  not this configuration, " + status.configHash() : ""));
    }
    return text.toString();
  }

  private static void disks(StringBuilder text, ClusterStatus.Disks disks) {
    if (disks.logDirs().isEmpty()) {
      return;
    }
    line(text, "%-8s %12s %12s  %s", "BROKER", "FREE", "OF", "LOG DIR");
    for (LogDir dir : disks.logDirs()) {
      line(
          text,
          "%-8d %12s %12s  %s",
          dir.broker(),
          ByteSize.text(dir.usableBytes()),
          ByteSize.text(dir.totalBytes()),
          dir.path());
    }
    disks.refusal().ifPresent(why -> line(text, "new mail is refused: %s", why));
    text.append('\n');
  }

  private static void drift(StringBuilder text, ClusterStatus status) {
    if (status.servers().stream().allMatch(server -> server.drift().isEmpty())) {
      return;
    }
    line(text, "%-20s %-16s %-8s %-12s %s", "DRIFT OF", "ROUTE", "GRADE", "SUBJECT", "WHAT");
    for (ServerHealth server : status.servers()) {
      for (Drift drift : server.drift()) {
        line(
            text,
            "%-20s %-16s %-8s %-12s %s; %s",
            server.server(),
            drift.route(),
            drift.grade(),
            drift.subject(),
            drift.what(),
            drift.remedy());
      }
    }
    text.append('\n');
  }

  private static String known(OptionalDouble seconds) {
    return seconds.isPresent() ? "%.1f".formatted(seconds.getAsDouble()) : "-";
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(format.formatted(values).stripTrailing()).append('\n');
  }
}
