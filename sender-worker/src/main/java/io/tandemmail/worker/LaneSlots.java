package io.tandemmail.worker;

import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.model.settings.Settings;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which partition numbers of a server's lanes have one owner. Usually each number by itself. Of a server that allows fewer
 * connections than there are numbers as many go together as share a connection in
 * {@link io.tandemmail.worker.delivery.ConnectionShare}: so no worker has some without a connection of its own, and all of
 * them keep to the cap (I5).
 *
 * @param count of slots
 * @param numbers of partitions of a lane
 */
record LaneSlots(int count, int numbers) {
  /** Each number by itself. */
  static LaneSlots whole(int numbers) {
    return new LaneSlots(numbers, numbers);
  }

  /** Of each server that has fewer slots than numbers. */
  static Map<String, LaneSlots> scarce(Settings settings, int numbers) {
    Map<String, LaneSlots> scarce = new TreeMap<>();
    for (ServerSettings server : settings.servers().values()) {
      int connections = server.limits().maxConnections();
      if (connections < numbers) {
        scarce.put(server.id(), new LaneSlots(connections, numbers));
      }
    }
    return scarce;
  }

  /** Which slot a number is in, from 0. */
  int of(int number) {
    return count == numbers ? number : (int) ((long) number * count / numbers);
  }
}
