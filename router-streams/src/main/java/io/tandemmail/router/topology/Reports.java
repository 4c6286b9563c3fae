package io.tandemmail.router.topology;

import io.tandemmail.model.bounce.DeliveryReport;
import io.tandemmail.model.wire.HomePartition;
import io.tandemmail.router.life.Decision.Emission;
import java.util.List;

/** Delivery status notifications of what the router ends: records for {@code mail.submitted}. */
record Reports(String reportingMta, int partitions) {
  List<DeliveryReport.Submission> of(Emission.Report report, byte[] value) {
    return DeliveryReport.of(report.facts(), value, report.failures(), reportingMta);
  }

  int homeOf(DeliveryReport.Submission report) {
    return HomePartition.of(report.id(), partitions);
  }
}
