package io.tandemmail.torture.check;

import io.tandemmail.model.server.ServerState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What the cluster believed of one server, and when: its health's history, told from a fault on. */
public final class HealthPath {
  private final NavigableMap<Instant, List<Belief>> beliefs = new TreeMap<>();

  private record Belief(ServerState state, int share) {}

  /** One record of {@code mail.server-health-history}, in their order. */
  public void note(Instant at, ServerState state, int share) {
    beliefs.computeIfAbsent(at, time -> new ArrayList<>()).add(new Belief(state, share));
  }

  /** How often the state changed. */
  public int transitions(Instant from, Instant to) {
    int count = 0;
    ServerState last = before(from).state();
    for (Belief belief : within(from, to)) {
      count += belief.state() == last ? 0 : 1;
      last = belief.state();
    }
    return count;
  }

  /** {@code UP, DOWN after 0.4 s, RECOVERING after 8.1 s, UP after 13.0 s, whole share after 17.2 s}. */
  public String text(Instant from, Instant to) {
    Belief last = before(from);
    StringBuilder text = new StringBuilder(last.state().name());
    int smallest = last.share();
    for (var entry : beliefs.tailMap(from, false).headMap(to, false).entrySet()) {
      for (Belief belief : entry.getValue()) {
        smallest = Math.min(smallest, belief.share());
        if (belief.state() != last.state()) {
          text.append(", ").append(belief.state()).append(after(from, entry.getKey()));
        }
        if (belief.share() == 100 && last.share() != 100) {
          text.append(", whole share").append(after(from, entry.getKey()));
        }
        last = belief;
      }
    }
    return text.append("; smallest share ").append(smallest).append(" %").toString();
  }

  private static String after(Instant from, Instant at) {
    return " after %.2f s".formatted(Duration.between(from, at).toMillis() / 1000.0);
  }

  private List<Belief> within(Instant from, Instant to) {
    return beliefs.tailMap(from, false).headMap(to, false).values().stream()
        .flatMap(List::stream)
        .toList();
  }

  /** A server of which nothing was said yet is taken for healthy. */
  private Belief before(Instant from) {
    var earlier = beliefs.floorEntry(from);
    return earlier == null ? new Belief(ServerState.UP, 100) : earlier.getValue().getLast();
  }
}
