package io.tandemmail.model.settings;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** One reading of a configuration: what was wrong, what was used, which environment variables had a say. */
final class Reading {
  private static final String PREFIX = "TANDEM_";

  /** Variables of the launcher, not of the configuration. */
  private static final Set<String> LAUNCHER =
      Set.of(
          "TANDEM_HOME",
          "TANDEM_BUILD",
          "TANDEM_JAVA_OPTS",
          "TANDEM_CONFIG",
          "TANDEM_LOG_LEVEL",
          "TANDEM_KAFKA_LOG_LEVEL",
          "TANDEM_API_KEY",
          "TANDEM_INSTANCE",
          "TANDEM_STATE_DIR",
          "TANDEM_KAFKA_IMAGE",
          "TANDEM_MAIL_SERVERS",
          "TANDEM_IMAGE");

  private final String file;
  private final Map<String, String> environment;
  private final Set<String> variablesAsked = new HashSet<>();
  private final List<SettingsProblem> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final SortedMap<String, String> effective = new TreeMap<>();

  Reading(String file, Map<String, String> environment) {
    this.file = file;
    this.environment = environment;
  }

  Optional<String> override(String path) {
    String variable = PREFIX + path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    variablesAsked.add(variable);
    return Optional.ofNullable(environment.get(variable));
  }

  void problem(int line, String key, String problem, String remedy) {
    problems.add(new SettingsProblem(file, line, key, problem, remedy));
  }

  void warn(String warning) {
    warnings.add(file + ": " + warning);
  }

  void used(String path, String value) {
    effective.put(path, value);
  }

  List<SettingsProblem> problems() {
    return problems;
  }

  List<String> warnings() {
    environment.keySet().stream()
        .filter(name ->
            name.startsWith(PREFIX) && !LAUNCHER.contains(name) && !variablesAsked.contains(name))
        .sorted()
        .forEach(name ->
            warnings.add("environment variable " + name + " matches no key of the configuration"));
    return warnings;
  }

  SortedMap<String, String> effective() {
    return effective;
  }
}
