package io.tandemmail.model.settings;

import java.util.List;

/** The configuration, or everything that is wrong with it. */
public sealed interface SettingsResult {
  /** @param warnings legal, but somebody should know */
  record Valid(Settings settings, List<String> warnings) implements SettingsResult {}

  record Invalid(List<SettingsProblem> problems) implements SettingsResult {}
}
