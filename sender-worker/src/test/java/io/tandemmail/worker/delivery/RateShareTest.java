package io.tandemmail.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** I5: in no second more than the rate, whoever owns which part of it, and not much less. */
class RateShareTest {
  private static final int PARTITIONS = 12;
  private static final int SECONDS = 120;

  /** From the revocation to the new owner's assignment: the shortest the group could ever do. */
  private static final int HANDOVER_MILLIS = 5;

  private final FakeClock clock = new FakeClock();

  @ParameterizedTest
  @CsvSource({"1,300", "2,300", "5,300", "1,50", "2,50", "5,2000", "3,1000"})
  void theCapHoldsInEverySecondWhilePartitionsMove(int workers, int cap) {
    List<Long> sent = new ArrayList<>();
    Random random = new Random(workers * 31L + cap);
    Group group = new Group(workers, cap);
    for (int milli = 0; milli < SECONDS * 1_000; milli++) {
      clock.nanos += 1_000_000;
      if (milli % 3_000 == 2_999) {
        group.revoke(random.nextInt(PARTITIONS), random.nextInt(workers));
      }
      if (milli % 3_000 == 2_999 + HANDOVER_MILLIS - 3_000) {
        group.assign();
      }
      for (RateShare share : group.shares) {
        while (share != null && share.tryNow()) {
          sent.add(clock.nanos);
        }
      }
    }

    assertThat(mostInASecond(sent)).isLessThanOrEqualTo((int) Math.ceil(1.05 * cap));
    assertThat((double) sent.size() / SECONDS)
        .as("per second on average")
        .isGreaterThan(0.93 * cap);
  }

  private static int mostInASecond(List<Long> sent) {
    int most = 0;
    int from = 0;
    for (int to = 0; to < sent.size(); to++) {
      while (sent.get(to) - sent.get(from) >= Duration.ofSeconds(1).toNanos()) {
        from++;
      }
      most = Math.max(most, to - from + 1);
    }
    return most;
  }

  /** Partitions change hands one at a time; for a moment nobody owns the one that moves. */
  private final class Group {
    final RateShare[] shares;
    private final int[] owners = new int[PARTITIONS];
    private final int cap;
    private int moving = -1;
    private int to;

    Group(int workers, int cap) {
      this.cap = cap;
      shares = new RateShare[workers];
      Arrays.setAll(shares, worker -> new RateShare(clock));
      Arrays.setAll(owners, partition -> partition % workers);
      split();
    }

    void revoke(int partition, int newOwner) {
      moving = partition;
      to = newOwner;
      owners[partition] = -1;
      split();
    }

    void assign() {
      if (moving >= 0) {
        owners[moving] = to;
        split();
      }
    }

    private void split() {
      for (int worker = 0; worker < shares.length; worker++) {
        int its = worker;
        long owned = Arrays.stream(owners).filter(owner -> owner == its).count();
        if (owned > 0) {
          shares[worker].set((double) cap * owned / PARTITIONS);
        } else {
          shares[worker].set(1e-6);
        }
      }
    }
  }

  private static final class FakeClock implements TimeMeter {
    long nanos = 1;

    @Override
    public long currentTimeNanos() {
      return nanos;
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }
  }
}
