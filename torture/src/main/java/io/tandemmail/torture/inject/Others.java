package io.tandemmail.torture.inject;

/** Ids of what is not of the load. */
public final class Others {
  private Others() {}

  static String probe(String run, int number) {
    return "probe-" + run + "-" + number;
  }

  static String poison(String run, int fault, String what) {
    return "poison-" + run + "-" + fault + "-" + what;
  }

  /** True for ids whose fate is not counted as the load's. */
  public static boolean isOne(String id) {
    return id.startsWith("probe-") || id.startsWith("poison-");
  }
}
