package io.tandemmail.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.worker.lane.OffsetTracker.Commit;
import io.tandemmail.worker.quarantine.Suspicion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OffsetTrackerTest {
  @Test
  void onlyTheContiguousLowWaterMarkIsCommitted() {
    OffsetTracker tracker = new OffsetTracker(10, 0);
    tracker.taken(10, 10);
    tracker.taken(11, 10);
    tracker.taken(12, 10);
    tracker.finished(11);
    tracker.finished(12);
    assertThat(tracker.commit().offset()).isEqualTo(10);

    tracker.finished(10);
    assertThat(tracker.commit().offset()).isEqualTo(13);
  }

  @Test
  void theCommitSaysWhereTheLedgerOfWhatIsOpenBegins() {
    OffsetTracker tracker = new OffsetTracker(0, 100);
    tracker.taken(0, 10);
    tracker.ledgerGrewTo(200);
    tracker.taken(1, 10);
    tracker.finished(0);

    assertThat(tracker.commit()).isEqualTo(new Commit(1, new Positions(201, 0)));
  }

  @Test
  void whatIsInMemoryIsKnownByTheByte() {
    OffsetTracker tracker = new OffsetTracker(0, 0);
    tracker.taken(0, 1000);
    tracker.taken(1, 500);
    tracker.finished(0);
    tracker.finished(0);

    assertThat(tracker.inFlightBytes()).isEqualTo(500);
  }

  /** Record 12 was finished by a predecessor; the third owner must still find its outcome while 11 is open. */
  @Test
  void whatAPredecessorFinishedStaysInReachOfTheNextOwner() {
    OffsetTracker tracker =
        new OffsetTracker(10, new Positions(400, 50), 12, new Positions(100, 20));
    assertThat(tracker.commit()).isEqualTo(new Commit(10, new Positions(100, 20)));

    tracker.taken(10, 1);
    tracker.ledgerGrewTo(450);
    tracker.finished(10);
    tracker.taken(11, 1);
    tracker.taken(12, 1);
    tracker.finished(12);
    assertThat(tracker.commit()).isEqualTo(new Commit(11, new Positions(100, 20)));

    tracker.finished(11);
    assertThat(tracker.commit()).isEqualTo(new Commit(13, new Positions(451, 50)));
  }

  @Test
  void markersOfTransactionsDoNotLookLikeALag() {
    OffsetTracker tracker = new OffsetTracker(0, 0);
    tracker.taken(0, 10);
    tracker.positionIs(2);
    assertThat(tracker.commit().offset()).isZero();
    tracker.finished(0);
    assertThat(tracker.commit().offset()).isEqualTo(2);
  }

  @Test
  void metadataThatIsNotOursReadsTheWholeLedger() {
    assertThat(CommitMetadata.read("ledger=77").positions())
        .isEqualTo(new Positions(77, Positions.NOTHING_RETURNED));
    for (String foreign : Arrays.asList("", "ledger=x", "ledger=-1", "x", null)) {
      assertThat(CommitMetadata.read(foreign).positions()).isEqualTo(Positions.BEGINNING);
    }
  }

  @Test
  void whatANextOwnerMustKnowSurvivesTheCommit() {
    CommitMetadata left =
        new CommitMetadata(
            new Positions(77, 12), new Suspicion(2, 130, 120), CommitMetadata.Owner.AT_WORK, 3);

    assertThat(CommitMetadata.read(left.write())).isEqualTo(left);
    assertThat(CommitMetadata.read("ledger=77").owner()).isEqualTo(CommitMetadata.Owner.GONE);
  }

  @Test
  void aSuccessorReadsTheReturnedMailFromTheFirstReturnWithoutItsOutcomes() {
    OffsetTracker tracker = new OffsetTracker(0, 0);
    tracker.taken(0, 1);
    tracker.taken(1, 1);
    tracker.returnedEndWas(40);
    tracker.returning(1);
    tracker.returnedAt(90);
    tracker.returnedEndWas(99);
    assertThat(tracker.commit().positions().returned()).isEqualTo(40);

    tracker.finished(1);
    assertThat(tracker.commit().positions().returned()).isEqualTo(99);
    tracker.returnedEndWas(5);
    assertThat(tracker.commit().positions().returned()).isEqualTo(99);
  }

  /** I1 and I2 at a crash: nothing unfinished lies below the commit, every outcome above it lies after the ledger position. */
  @Test
  void noOrderOfFinishingLosesARecordOrHidesAnOutcome() {
    Random random = new Random(5);
    for (int round = 0; round < 300; round++) {
      OffsetTracker tracker = new OffsetTracker(0, 0);
      List<Long> open = new ArrayList<>();
      Set<Long> finished = new HashSet<>();
      long[] outcomeAt = new long[200];
      long ledgerEnd = 0;
      long next = 0;
      for (int step = 0; step < 200; step++) {
        if (random.nextBoolean() && next < 200) {
          tracker.taken(next, 10);
          open.add(next++);
        } else if (!open.isEmpty()) {
          long done = open.remove(random.nextInt(open.size()));
          outcomeAt[(int) done] = ledgerEnd;
          tracker.ledgerGrewTo(ledgerEnd++);
          tracker.finished(done);
          finished.add(done);
        }
        Commit commit = tracker.commit();
        for (long offset = 0; offset < commit.offset(); offset++) {
          assertThat(finished).contains(offset);
        }
        for (long offset : finished) {
          if (offset >= commit.offset()) {
            assertThat(outcomeAt[(int) offset]).isGreaterThanOrEqualTo(commit.positions().ledger());
          }
        }
      }
    }
  }
}
