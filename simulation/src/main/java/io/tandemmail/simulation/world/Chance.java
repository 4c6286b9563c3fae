package io.tandemmail.simulation.world;

import java.util.List;
import java.util.SplittableRandom;

/** The only source of chance in a world; the same seed gives the same world. */
public final class Chance {
  private final SplittableRandom random;

  public Chance(long seed) {
    random = new SplittableRandom(seed);
  }

  public int below(int bound) {
    return random.nextInt(bound);
  }

  public long between(long from, long to) {
    return random.nextLong(from, to + 1);
  }

  public boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  public <T> T of(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
