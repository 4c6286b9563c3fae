package io.tandemmail.worker.delivery;

import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.wire.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Splits a server's connection cap over the lane partitions that lead to it, so that the parts add up to the cap whoever
 * owns them (I5). A worker whose partitions come to nothing still gets one connection: with more workers than the cap
 * allows, delivering slowly beats not delivering.
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
    long cap = Objects.requireNonNull(settings.servers().get(server)).limits().maxConnections();
    int total = all.size();
    int connections = 0;
    int mine = 0;
    for (int i = 0; i < total; i++) {
      if (owned.contains(all.get(i))) {
        connections += (int) ((i + 1) * cap / total - i * cap / total);
        mine++;
      }
    }
    return new Share(mine > 0 ? Math.max(1, connections) : 0, mine, Math.max(1, total));
  }
}
