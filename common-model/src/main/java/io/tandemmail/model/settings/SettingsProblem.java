package io.tandemmail.model.settings;

/**
 * One thing wrong with the configuration.
 *
 * @param line 0 when it is not in the file (an environment variable, or something missing)
 */
public record SettingsProblem(String file, int line, String key, String problem, String remedy) {
  @Override
  public String toString() {
    return file
        + (line > 0 ? ":" + line : "")
        + ": "
        + (key.isEmpty() ? "" : key + " ")
        + problem
        + "; "
        + remedy;
  }
}
