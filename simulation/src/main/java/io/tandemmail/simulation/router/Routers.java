package io.tandemmail.simulation.router;

import io.tandemmail.simulation.world.Actor;
import io.tandemmail.simulation.world.World;
import java.util.ArrayList;
import java.util.List;

/** All routers and the tasks they share. */
public final class Routers {
  private static final long SESSION_MILLIS = 6_000;

  private final World world;
  private final List<MailShell> mail = new ArrayList<>();
  private final List<TaskShell> tasks = new ArrayList<>();
  private final List<RouterNode> nodes = new ArrayList<>();

  public Routers(World world, int count) {
    this.world = world;
    for (int p = 0; p < world.settings().kafka().partitions(); p++) {
      mail.add(new MailShell(world, p));
    }
    tasks.addAll(mail);
    tasks.add(new HealthShell(world));
    for (int i = 0; i < count; i++) {
      nodes.add(new RouterNode(world, new Actor("router-" + i)));
    }
    assign();
  }

  public int count() {
    return nodes.size();
  }

  /** It is back after a while, without anything in memory. */
  public void kill(int index, long backAfterMillis) {
    RouterNode gone = nodes.get(index);
    gone.actor().kill();
    RouterNode next = new RouterNode(world, gone.actor());
    nodes.set(index, next);
    gone.actor().pauseUntil(world.agenda().now() + backAfterMillis);
    world.agenda().after(world.network(), SESSION_MILLIS, () -> giveAway(gone));
  }

  public void pause(int index, long millis) {
    RouterNode stopped = nodes.get(index);
    stopped.actor().pauseUntil(world.agenda().now() + millis);
    if (millis > SESSION_MILLIS) {
      world.agenda().after(world.network(), SESSION_MILLIS, () -> giveAway(stopped));
    }
  }

  /** I3 for every partition. */
  public void checkCounts() {
    mail.forEach(MailShell::checkCounts);
  }

  public int waiting() {
    return mail.stream().mapToInt(MailShell::waiting).sum();
  }

  /** The nodes now, to compare what they know. */
  public List<RouterNode> nodes() {
    return List.copyOf(nodes);
  }

  private void giveAway(RouterNode from) {
    tasks.stream().filter(task -> task.isOn(from)).forEach(TaskShell::leave);
    assign();
  }

  private void assign() {
    for (TaskShell task : tasks) {
      if (task.isNowhere()) {
        task.moveTo(world.chance().of(nodes));
      }
    }
  }
}
