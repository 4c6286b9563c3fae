package io.tandemmail.standalone;

/** What this build calls itself. */
public final class Version {
  private Version() {}

  public static String text() {
    String built = Version.class.getPackage().getImplementationVersion();
    return built == null ? "development" : built;
  }
}
