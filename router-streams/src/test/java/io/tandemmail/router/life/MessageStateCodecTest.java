package io.tandemmail.router.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.router.life.MessageState.Place;
import io.tandemmail.router.life.MessageState.RecipientState;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The store outlives its router: what one version wrote, the next one reads, and the one before it where it can. */
class MessageStateCodecTest {
  private static final Instant AT = Instant.ofEpochMilli(0x0123456789abL);

  /** As written before the moves of recipients were kept: route r, attempt 2, 1 hop, lane of a, one event. */
  private static final String BEFORE =
      "01"
          + "000172"
          + "00000123456789ab"
          + "00000123456789ab"
          + "00000002"
          + "00000001"
          + "4c000161"
          + "00000003"
          + "00016106"
          + "00016200"
          + "00016305"
          + "01"
          + "0000000000000007";

  @Test
  void inAStateOfTheVersionBeforeAllTravelInTheLastPlacement() {
    MessageState read = MessageStateCodec.read(bytes(BEFORE));

    assertThat(read)
        .isEqualTo(
            state(
                new RecipientState("a", OutcomeType.DEFERRED, 3),
                new RecipientState("b", OutcomeType.DELIVERED, 0),
                new RecipientState("c", OutcomeType.ACCEPTED, 3)));
    assertThat(MessageStateCodec.write(read)).as("as it was written").isEqualTo(bytes(BEFORE));
  }

  @Test
  void recipientsThatTravelApartTakeAByteEachBehindWhatTheVersionBeforeReads() {
    MessageState apart =
        state(
            new RecipientState("a", OutcomeType.DEFERRED, 3),
            new RecipientState("b", OutcomeType.DELIVERED, 0),
            new RecipientState("c", OutcomeType.ACCEPTED, 1));

    byte[] written = MessageStateCodec.write(apart);

    assertThat(written).hasSize(bytes(BEFORE).length + 3);
    assertThat(Arrays.copyOf(written, written.length - 3)).isEqualTo(bytes(BEFORE));
    assertThat(MessageStateCodec.read(written)).isEqualTo(apart);
  }

  @Test
  void movesOfAnySizeSurvive() {
    for (int moves : List.of(0, 1, 127, 128, 16_383, 16_384, Integer.MAX_VALUE)) {
      MessageState apart =
          state(
              new RecipientState("a", OutcomeType.DEFERRED, moves),
              new RecipientState("c", OutcomeType.ACCEPTED, 2));
      assertThat(MessageStateCodec.read(MessageStateCodec.write(apart))).isEqualTo(apart);
    }
  }

  /** The version before reads the moves and leaves the rest. */
  @Test
  void whoIsHeldAndUntilWhenStandsBehindTheMoves() {
    MessageState held =
        state(
            new RecipientState("a", OutcomeType.DEFERRED, 3),
            new RecipientState("b", OutcomeType.DELIVERED, 0),
            new RecipientState("c", OutcomeType.ACCEPTED, 3, Optional.of(AT)));

    byte[] written = MessageStateCodec.write(held);

    assertThat(MessageStateCodec.read(written)).isEqualTo(held);
    assertThat(written).hasSize(bytes(BEFORE).length + 3 + 1 + 1 + Long.BYTES);
    assertThat(Arrays.copyOf(written, bytes(BEFORE).length)).isEqualTo(bytes(BEFORE));
  }

  @Test
  void aStateCutShortIsRefused() {
    byte[] written =
        MessageStateCodec.write(
            state(
                new RecipientState("a", OutcomeType.DEFERRED, 300),
                new RecipientState("c", OutcomeType.ACCEPTED, 300)));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> MessageStateCodec.read(Arrays.copyOf(written, written.length - 1)));
  }

  private static MessageState state(RecipientState... recipients) {
    return new MessageState(
        "r", AT, AT, 2, 1, new Place.Lane("a"), List.of(recipients), List.of(7L));
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
