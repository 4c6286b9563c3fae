package io.tandemmail.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** I5: in no second more than the rate, whoever owns which part of it, and not much less. */
class RateShareTest {
  private static final int PARTITIONS = 12;
  private static final int SECONDS = 120;

  /** From the revocation to the new owner's assignment: the shortest the group could ever do. */
  private static final int HANDOVER_MILLIS = 5;

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final FakeClock clock = new FakeClock();

  @ParameterizedTest
  @CsvSource({"1,300", "2,300", "5,300", "1,50", "2,50", "5,2000", "3,1000"})
  void theCapHoldsInEverySecondWhilePartitionsMove(int workers, int cap) {
    List<Long> sent = new ArrayList<>();
    Random random = new Random(workers * 31L + cap);
    Group group = new Group(workers, cap);
    for (int milli = 0; milli < SECONDS * 1_000; milli++) {
      clock.advance(1_000_000);
      if (milli % 3_000 == 2_999) {
        group.revoke(random.nextInt(PARTITIONS), random.nextInt(workers));
      }
      if (milli % 3_000 == 2_999 + HANDOVER_MILLIS - 3_000) {
        group.assign();
      }
      for (RateShare share : group.shares) {
        while (share != null && share.tryNow()) {
          sent.add(clock.currentTimeNanos());
        }
      }
    }

    assertThat(mostInASecond(sent)).isLessThanOrEqualTo((int) Math.ceil(1.05 * cap));
    assertThat((double) sent.size() / SECONDS)
        .as("per second on average")
        .isGreaterThan(0.93 * cap);
  }

  /** A machine that stands still for 300 ms while six connections wait: the server must not see all of them at once. */
  @Test
  @Timeout(60)
  void whatAStandstillKeptBackIsNotMadeUpForAfterwards() throws Exception {
    List<Long> asked = new CopyOnWriteArrayList<>();
    Semaphore wakeUp = new Semaphore(0);
    RateShare share =
        new RateShare(
            clock,
            nanos -> {
              asked.add(nanos);
              wakeUp.acquire();
            });
    share.set(60);
    List<Thread> connections = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      connections.add(Thread.ofPlatform().start(() -> takeOne(share)));
    }
    Until.reached(() -> !asked.isEmpty() && waiting(connections) == 6);
    assertThat(asked).as("promised a time to come").hasSize(1);

    clock.advance(300_000_000);
    wakeUp.release();
    Until.reached(() -> asked.size() == 2 && waiting(connections) == 5);

    for (int left = 4; left >= 0; left--) {
      int others = left;
      clock.advance(asked.getLast());
      wakeUp.release();
      Until.reached(
          () -> waiting(connections) == others && (others == 0 || asked.size() == 7 - others));
    }
    assertThat(asked.stream().skip(1).mapToLong(Long::longValue).sum())
        .as("the others, one by one")
        .isGreaterThan(5 * SECOND / 61);
  }

  private static void takeOne(RateShare share) {
    try {
      share.await(Duration.ofDays(1));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long waiting(List<Thread> threads) {
    return threads.stream()
        .map(Thread::getState)
        .filter(state -> state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING)
        .count();
  }

  private static int mostInASecond(List<Long> sent) {
    int most = 0;
    int from = 0;
    for (int to = 0; to < sent.size(); to++) {
      while (sent.get(to) - sent.get(from) >= SECOND) {
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
    private final AtomicLong nanos = new AtomicLong(1);

    void advance(long by) {
      nanos.addAndGet(by);
    }

    @Override
    public long currentTimeNanos() {
      return nanos.get();
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }
  }
}
