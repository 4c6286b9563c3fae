package io.tandemmail.worker.delivery;

import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.wire.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Splits a server's connection cap over the lane partitions that lead to it, so that the parts add up to the cap whoever
 * owns them (I5): of a server with fewer connections than partitions, whoever owns the last of a slot has the connection.
 * A worker whose partitions come to nothing, as while caps change, still gets one: delivering slowly beats not delivering.
 */
public final class ConnectionShare {
  private ConnectionShare() {}

  public record Share(int connections, int ownedPartitions, int totalPartitions) {}

  public static Share of(Settings settings, String server, Set<TopicPartition> owned) {
    List<TopicPartition> all = new ArrayList<>();
    // By number: all lane partitions of a number have one owner (LaneAssignor), and its part is
    // rounded once.
    for (int partition = 0; partition < settings.kafka().partitions(); partition++) {
      for (RouteSettings route : settings.routes().values()) {
        if (route.serversInOrder().contains(server)) {
          all.add(new TopicPartition(Topics.lane(route.id(), server), partition));
        }
      }
    }
    ServerSettings configured = settings.servers().get(server);
    if (configured == null) {
      return new Share(0, 0, 1);
    }
    long cap = configured.limits().maxConnections();
    int total = all.size();
    int connections = 0;
    int mine = 0;
    for (int i = 0; i < total; i++) {
      if (owned.contains(all.get(i))) {
        connections += (int) ((i + 1) * cap / total - i * cap / total);
        mine++;
      }
    }
    // A lane that its route has no longer has no part of the cap, but mail to be sent or given
    // back.
    boolean any = mine > 0 || owned.stream().anyMatch(lane -> leadsTo(lane, server));
    return new Share(
        any ? Math.max(1, connections) : 0, any ? Math.max(1, mine) : 0, Math.max(1, total));
  }

  private static boolean leadsTo(TopicPartition lane, String server) {
    return Topics.isLane(lane.topic()) && Topics.parseLane(lane.topic()).server().equals(server);
  }
}
