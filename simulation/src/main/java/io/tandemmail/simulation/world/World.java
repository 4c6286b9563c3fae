package io.tandemmail.simulation.world;

import io.tandemmail.model.settings.Settings;
import io.tandemmail.simulation.truth.Truth;
import java.util.Set;

/**
 * What everybody shares.
 *
 * @param dropped rules that do not hold here: a mutation
 * @param network does what is on the wire; never dies
 */
public record World(
    Agenda agenda,
    Chance chance,
    Settings settings,
    Set<Rule> dropped,
    Broker broker,
    Truth truth,
    Actor network) {

  public boolean holds(Rule rule) {
    return !dropped.contains(rule);
  }

  /** Milliseconds from here to a broker or back; now and then a slow one. */
  public long hop() {
    return chance.oneIn(50) ? chance.between(50, 1_500) : chance.between(1, 15);
  }
}
