package io.tandemmail.model.settings;

import io.tandemmail.model.safety.Finding;
import java.util.List;

/** The configuration, or everything that is wrong with it. */
public sealed interface SettingsResult {
  /**
   * @param warnings legal, but somebody should know
   * @param findings Kafka's client properties that take a promise away, with file and line; whoever starts something with
   *     unsafe ones was told so and wants it
   */
  record Valid(Settings settings, List<String> warnings, List<Finding> findings)
      implements SettingsResult {}

  /** @param problems unsafe client properties among them: whoever mends the file mends all at once */
  record Invalid(List<SettingsProblem> problems) implements SettingsResult {}
}
