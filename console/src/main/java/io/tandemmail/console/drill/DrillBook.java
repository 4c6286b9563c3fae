package io.tandemmail.console.drill;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandemmail.model.drill.DrillPlan;
import io.tandemmail.model.drill.DrillReport;
import java.util.List;
import java.util.Optional;

/** What is known of drills, and the beginning of another. */
public interface DrillBook {
  /** Reports as they stand on the topic, the latest first. */
  List<JsonNode> reports();

  Optional<JsonNode> report(String id);

  /** False when one is run here already. */
  boolean begin(DrillPlan plan, DrillReport.Origin origin, Inspection inspection);

  /** What is looked at before anything is moved. */
  enum Inspection {
    /** Servers and DNS are asked from here, and what workers last saw counts. */
    FROM_HERE,
    /** Only what workers last saw: for a console that does not reach the servers, or lacks their passwords. */
    BY_WORKERS
  }
}
