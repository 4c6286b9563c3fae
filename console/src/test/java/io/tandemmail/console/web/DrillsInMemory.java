package io.tandemmail.console.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandemmail.console.drill.DrillBook;
import io.tandemmail.model.drill.DrillPlan;
import io.tandemmail.model.drill.DrillReport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Drills that never end. */
final class DrillsInMemory implements DrillBook {
  final Map<String, JsonNode> reports = new ConcurrentHashMap<>();
  final List<DrillPlan> begun = new CopyOnWriteArrayList<>();
  final List<DrillReport.Origin> origins = new CopyOnWriteArrayList<>();
  final List<Inspection> inspections = new CopyOnWriteArrayList<>();

  @Override
  public List<JsonNode> reports() {
    return List.copyOf(reports.values());
  }

  @Override
  public Optional<JsonNode> report(String id) {
    return Optional.ofNullable(reports.get(id));
  }

  @Override
  public boolean begin(DrillPlan plan, DrillReport.Origin origin, Inspection inspection) {
    if (!begun.isEmpty()) {
      return false;
    }
    begun.add(plan);
    origins.add(origin);
    inspections.add(inspection);
    return true;
  }
}
