package io.tandemmail.router.life;

import io.tandemmail.model.outcome.OutcomeType;
import io.tandemmail.router.life.MessageState.Place;
import io.tandemmail.router.life.MessageState.RecipientState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@link MessageState} as bytes for the state store: one version byte, then the fields in order. Compact because the
 * store holds a day of ids and each change of it goes to the changelog.
 *
 * <p>While recipients travel apart, the moves of each follow at the end. Where nothing follows, all that have not ended
 * travel in the last placement: so it was when that part did not exist, and a router of that time reads over it. Who is
 * held in doubt, and until when, stands behind the moves.
 */
public final class MessageStateCodec {
  private static final int VERSION = 1;
  private static final OutcomeType[] TYPES = OutcomeType.values();

  private MessageStateCodec() {}

  @SuppressWarnings(
      "EnumOrdinal") // One byte for each recipient of a day; OutcomeType says that its order is
  // kept.
  public static byte[] write(MessageState state) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(96);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeUTF(state.route());
      out.writeLong(state.submittedAt().toEpochMilli());
      out.writeLong(state.firstSeen().toEpochMilli());
      out.writeInt(state.attempt());
      out.writeInt(state.hops());
      writePlace(out, state.place());
      out.writeInt(state.recipients().size());
      for (RecipientState recipient : state.recipients()) {
        out.writeUTF(recipient.address());
        out.writeByte(recipient.last().ordinal());
      }
      out.writeByte(state.events().size());
      for (long offset : state.events()) {
        out.writeLong(offset);
      }
      if (!travelTogether(state)) {
        for (RecipientState recipient : state.recipients()) {
          writeCount(out, recipient.moves());
        }
        writeHeld(out, state.recipients());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return bytes.toByteArray();
  }

  /**
   * @throws IllegalArgumentException when the bytes are not a state this version can read
   */
  public static MessageState read(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readByte();
      if (version != VERSION) {
        throw new IllegalArgumentException(
            "message state of version " + version + "; this router reads " + VERSION);
      }
      MessageState together =
          new MessageState(
              in.readUTF(),
              Instant.ofEpochMilli(in.readLong()),
              Instant.ofEpochMilli(in.readLong()),
              in.readInt(),
              in.readInt(),
              readPlace(in),
              readRecipients(in),
              readEvents(in));
      return together.withRecipients(readMoves(in, together));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "message state cut short at " + bytes.length + " bytes", e);
    }
  }

  private static void writePlace(DataOutputStream out, Place place) throws IOException {
    switch (place) {
      case Place.Lane lane -> {
        out.writeByte('L');
        out.writeUTF(lane.server());
      }
      case Place.Scheduled scheduled -> {
        out.writeByte('S');
        out.writeLong(scheduled.due().toEpochMilli());
      }
      case Place.Ending ending -> out.writeByte('E');
    }
  }

  private static Place readPlace(DataInputStream in) throws IOException {
    int kind = in.readByte();
    return switch (kind) {
      case 'L' -> new Place.Lane(in.readUTF());
      case 'S' -> new Place.Scheduled(Instant.ofEpochMilli(in.readLong()));
      case 'E' -> new Place.Ending();
      default ->
          throw new IllegalArgumentException("unknown place " + kind + " in a message state");
    };
  }

  private static List<RecipientState> readRecipients(DataInputStream in) throws IOException {
    int count = in.readInt();
    List<RecipientState> recipients = new ArrayList<>(Math.min(count, 1000));
    for (int i = 0; i < count; i++) {
      recipients.add(new RecipientState(in.readUTF(), TYPES[in.readByte()], 0));
    }
    return recipients;
  }

  private static boolean travelTogether(MessageState state) {
    int moves = state.attempt() + state.hops();
    return state.recipients().stream()
        .allMatch(recipient ->
            recipient.last().isFinal()
                || (recipient.moves() == moves && recipient.heldUntil().isEmpty()));
  }

  private static List<RecipientState> readMoves(DataInputStream in, MessageState state)
      throws IOException {
    boolean together = in.available() == 0;
    List<RecipientState> recipients = new ArrayList<>(state.recipients().size());
    for (RecipientState recipient : state.recipients()) {
      int moves = together ? state.attempt() + state.hops() : readCount(in);
      recipients.add(new RecipientState(recipient.address(), recipient.last(), moves));
    }
    if (in.available() > 0) {
      readHeld(in, recipients);
    }
    return recipients;
  }

  private static void writeHeld(DataOutputStream out, List<RecipientState> recipients)
      throws IOException {
    long held = recipients.stream().filter(it -> it.heldUntil().isPresent()).count();
    if (held == 0) {
      return;
    }
    writeCount(out, (int) held);
    for (int i = 0; i < recipients.size(); i++) {
      if (recipients.get(i).heldUntil().isPresent()) {
        writeCount(out, i);
        out.writeLong(recipients.get(i).heldUntil().get().toEpochMilli());
      }
    }
  }

  private static void readHeld(DataInputStream in, List<RecipientState> recipients)
      throws IOException {
    int count = readCount(in);
    for (int i = 0; i < count; i++) {
      int index = readCount(in);
      Instant until = Instant.ofEpochMilli(in.readLong());
      if (index >= recipients.size()) {
        throw new IllegalArgumentException("a message state holds a recipient it does not have");
      }
      RecipientState it = recipients.get(index);
      recipients.set(
          index, new RecipientState(it.address(), it.last(), it.moves(), Optional.of(until)));
    }
  }

  /** Seven bits a byte, the lowest first; the highest bit says that more follow. */
  private static void writeCount(DataOutputStream out, int count) throws IOException {
    int rest = count;
    while ((rest & ~0x7F) != 0) {
      out.writeByte(rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    out.writeByte(rest);
  }

  private static int readCount(DataInputStream in) throws IOException {
    int count = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += 7) {
      int next = in.readByte();
      count |= (next & 0x7F) << shift;
      if (next >= 0) {
        return count;
      }
    }
    throw new IllegalArgumentException("a count in a message state does not end");
  }

  private static List<Long> readEvents(DataInputStream in) throws IOException {
    int count = in.readByte();
    List<Long> events = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      events.add(in.readLong());
    }
    return events;
  }
}
