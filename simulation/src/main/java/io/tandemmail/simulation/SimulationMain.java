package io.tandemmail.simulation;

import io.tandemmail.simulation.world.Rule;
import java.util.EnumSet;
import java.util.Set;

/**
 * {@code SimulationMain SEED STEPS [RULE]}: worlds from that seed on until so many steps are done, without that rule if one
 * is named. Ends with 1 at the first violation.
 */
public final class SimulationMain {
  private SimulationMain() {}

  public static void main(String[] args) {
    if (args.length < 2 || args.length > 3) {
      System.err.println("usage: SimulationMain SEED STEPS [RULE]");
      System.exit(2);
    }
    long seed = Long.parseLong(args[0]);
    long stepsWanted = Long.parseLong(args[1]);
    Set<Rule> dropped = EnumSet.noneOf(Rule.class);
    if (args.length == 3) {
      dropped.add(Rule.valueOf(args[2]));
    }
    long startNanos = System.nanoTime();
    long steps = 0;
    while (steps < stepsWanted) {
      Simulation.Result result = Simulation.run(seed++, dropped);
      steps += result.steps();
      System.out.println(result);
      if (result.violation().isPresent()) {
        System.exit(1);
      }
    }
    double minutes = (System.nanoTime() - startNanos) / 60e9;
    System.out.printf("%,d steps, %,.0f a minute%n", steps, steps / minutes);
  }
}
