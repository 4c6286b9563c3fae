package io.tandemmail.simulation.world;

import java.util.HashMap;
import java.util.Map;

/**
 * A process that may die, stop for a while, be cut off from the brokers or from one mail server, or have its clock set.
 */
public final class Actor {
  private final String name;
  private int incarnation;
  private long pausedUntil;
  private long cutUntil;
  private long appendsFailUntil;
  private long wallOffsetMillis;

  /** Mail servers that it alone does not get through to: a matter of its host, which outlives it. */
  private final Map<String, Long> lostUntil = new HashMap<>();

  public Actor(String name) {
    this.name = name;
  }

  public String name() {
    return name;
  }

  int incarnation() {
    return incarnation;
  }

  /** Whatever it was about to do is never done. */
  public void kill() {
    incarnation++;
    pausedUntil = 0;
    cutUntil = 0;
    appendsFailUntil = 0;
  }

  public void pauseUntil(long at) {
    pausedUntil = Math.max(pausedUntil, at);
  }

  long pausedUntil() {
    return pausedUntil;
  }

  public void cutUntil(long at) {
    cutUntil = Math.max(cutUntil, at);
  }

  /** True while it reaches no broker. */
  public boolean isCut(long now) {
    return now < cutUntil;
  }

  /** The leaders of what it writes to are away; the group still hears it. */
  public void appendsFailUntil(long at) {
    appendsFailUntil = Math.max(appendsFailUntil, at);
  }

  public boolean canAppend(long now) {
    return now >= cutUntil && now >= appendsFailUntil;
  }

  public void loseWayTo(String server, long until) {
    lostUntil.put(server, until);
  }

  public void findWays() {
    lostUntil.clear();
  }

  public boolean reaches(String server, long now) {
    return now >= lostUntil.getOrDefault(server, 0L);
  }

  public void setClock(long offsetMillis) {
    wallOffsetMillis = offsetMillis;
  }

  long wallOffsetMillis() {
    return wallOffsetMillis;
  }
}
