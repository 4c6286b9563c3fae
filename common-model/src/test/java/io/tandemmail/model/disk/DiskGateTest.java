package io.tandemmail.model.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DiskGateTest {
  private static final long LIMIT = 1000;

  @Test
  void closesWhenOneFolderOfOneBrokerHasLessThanTheLimit() {
    DiskGate gate =
        DiskGate.decide(DiskGate.OPEN, List.of(free(1, 5000), free(2, 999), free(3, 998)), LIMIT);

    assertThat(gate).isEqualTo(new DiskGate.Closed(free(3, 998), LIMIT));
  }

  @Test
  void staysOpenAtTheLimit() {
    assertThat(DiskGate.decide(DiskGate.OPEN, List.of(free(1, 1000)), LIMIT))
        .isEqualTo(DiskGate.OPEN);
  }

  @Test
  void aClosedGateOpensAQuarterAboveTheLimit() {
    DiskGate closed = new DiskGate.Closed(free(1, 1), LIMIT);

    assertThat(DiskGate.decide(closed, List.of(free(1, 1249)), LIMIT))
        .isEqualTo(new DiskGate.Closed(free(1, 1249), LIMIT));
    assertThat(DiskGate.decide(closed, List.of(free(1, 1250)), LIMIT)).isEqualTo(DiskGate.OPEN);
  }

  @Test
  void brokersThatSayNothingHaveNoSay() {
    DiskGate closed = new DiskGate.Closed(free(1, 1), LIMIT);

    assertThat(DiskGate.decide(closed, List.of(), LIMIT)).isEqualTo(DiskGate.OPEN);
  }

  @Test
  void withoutALimitItIsOpen() {
    assertThat(DiskGate.decide(DiskGate.OPEN, List.of(free(1, 0)), 0)).isEqualTo(DiskGate.OPEN);
  }

  @Test
  void saysWhatWhereAndWhichSetting() {
    LogDir dir = new LogDir(7, "/var/lib/kafka", 39_321_600, 1L << 30);

    assertThat(new DiskGate.Closed(dir, 64 << 20).refusal())
        .contains(
            "broker 7: 37.5 MiB free of 1 GiB in /var/lib/kafka;"
                + " 64 MiB are kept for mail that was taken before (ingest.min-free-disk)");
  }

  private static LogDir free(int broker, long bytes) {
    return new LogDir(broker, "/logs", bytes, 10_000);
  }
}
