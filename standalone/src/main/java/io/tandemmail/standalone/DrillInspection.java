package io.tandemmail.standalone;

import io.tandemmail.model.parity.ParityFinding;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.parity.ParityCheck;
import io.tandemmail.runtime.presence.LocalHost;
import io.tandemmail.worker.dkim.DkimKeys;
import java.util.List;

/** What a route's servers and its domains' DNS say right now, asked from where this process runs. */
public final class DrillInspection {
  private DrillInspection() {}

  /** What stands against moving mail. */
  public static List<ParityFinding> problems(Settings settings, String route) {
    String ehloName = settings.worker().ehloName().orElseGet(LocalHost::name);
    try (ParityCheck check =
        new ParityCheck(settings, ehloName, DkimKeys.read(settings).recordTexts())) {
      return check.route(route).problems();
    }
  }
}
