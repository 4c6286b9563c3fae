package io.tandemmail.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmtpInputTest {
  private static final int LARGE = 1 << 30;
  private static final long SEED = 20261124;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "~.~ | ''",
        ".~ | ''",
        "a~.~ | a~",
        "..~.~ | .~",
        "..a~...~.~ | .a~..~",
        "a~.b~c.~.~ | a~b~c.~",
        "a~~.~ | a~~",
        "a~.~.~ | a~"
      })
  void dotsAreUnstuffedAndTheFirstLoneDotEnds(String wire, String content) throws IOException {
    String bytes = wire.strip().replace("~", "\r\n");
    String expected = content.strip().replace("~", "\r\n");
    if (bytes.equals("\r\n.\r\n")) {
      expected = "\r\n";
    }
    assertThat(text(input(bytes), LARGE)).isEqualTo(expected);
  }

  @Test
  void aLoneDotBetweenBareLineFeedsOrReturnsIsContent() throws IOException {
    for (String smuggled : new String[] {"a\n.\n", "a\n.\r\n", "a\r.\r", "a\r\n.\n", "a\r\n.\r"}) {
      String expected = smuggled.startsWith("a\r\n.") ? smuggled.replaceFirst("\\.", "") : smuggled;
      assertThat(text(input(smuggled + "MAIL FROM:<x@example.com>\r\n.\r\n"), LARGE))
          .isEqualTo(expected + "MAIL FROM:<x@example.com>\r\n");
    }
  }

  @Test
  void whatFollowsTheContentIsTheNextCommand() throws IOException {
    SmtpInput input = input("DATA\r\na\r\n.\r\nQUIT\r\n");
    assertThat(input.line().text()).isEqualTo("DATA");
    assertThat(text(input, LARGE)).isEqualTo("a\r\n");
    assertThat(input.line().text()).isEqualTo("QUIT");
  }

  @Test
  void contentOverTheSizeIsReadToItsEndButNotKept() throws IOException {
    String content = ("x".repeat(70) + "\r\n..\r\n").repeat(5000);
    SmtpInput input = input(content + ".\r\nQUIT\r\n");
    assertThat(input.content(1000)).isEqualTo(Content.TOO_LONG);
    assertThat(input.line().text()).isEqualTo("QUIT");
  }

  @Test
  void theSizeCountsWhatIsLeftAfterUnstuffing() throws IOException {
    assertThat(input("..\r\n.\r\n").content(3)).isInstanceOf(Content.Whole.class);
    assertThat(input("...\r\n.\r\n").content(3)).isEqualTo(Content.TOO_LONG);
  }

  @Test
  void anEndWithinTheContentIsAnEnd() {
    assertThatThrownBy(() -> input("a\r\n.\r").content(LARGE)).isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> input("QUI").line()).isInstanceOf(EOFException.class);
  }

  @Test
  void repliesAreDueOnlyWhenTheInputIsUsedUp() throws IOException {
    AtomicInteger waits = new AtomicInteger();
    byte[] group = "MAIL\r\nRCPT\r\nDATA\r\n".getBytes(StandardCharsets.US_ASCII);
    SmtpInput input = new SmtpInput(new ByteArrayInputStream(group), waits::incrementAndGet);
    for (int i = 0; i < 3; i++) {
      input.line();
    }
    assertThat(waits).hasValue(1);
  }

  @Test
  void aChunkIsSoManyBytesWhateverTheyAreAndTheCommandFollows() throws IOException {
    Random random = new Random(SEED);
    for (int size : new int[] {0, 1, 7, 100_000}) {
      String chunk = "\r\n.\r\nQUIT\r\n".repeat(size).substring(0, size);
      SmtpInput input =
          new SmtpInput(new SplitStream("BDAT\r\n" + chunk + chunk + "NOOP\r\n", random), () -> {});
      assertThat(input.line().text()).isEqualTo("BDAT");
      assertThat(text(input.chunk(size))).isEqualTo(chunk);
      input.skip(size);
      assertThat(input.line().text()).isEqualTo("NOOP");
    }
    assertThatThrownBy(() -> input("ab").chunk(3)).isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> input("ab").skip(3)).isInstanceOf(EOFException.class);
  }

  /** Against the definition, character by character, over input that is split anywhere. */
  @Test
  void whateverTheContentAndHoweverItIsSplitTheResultIsTheSame() throws IOException {
    Random random = new Random(SEED);
    String alphabet = "\r\n.a\r\n.";
    for (int round = 0; round < 20_000; round++) {
      StringBuilder content = new StringBuilder();
      for (int i = random.nextInt(40); i > 0; i--) {
        content.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      content.append("\r\n");
      String stuffed = content.toString().replace("\r\n.", "\r\n..");
      String wire = (stuffed.startsWith(".") ? "." : "") + stuffed + ".\r\nNOOP\r\n";
      SmtpInput input = new SmtpInput(new SplitStream(wire, random), () -> {});

      assertThat(text(input, LARGE))
          .as("seed %d round %d", SEED, round)
          .isEqualTo(content.toString());
      assertThat(input.line().text()).isEqualTo("NOOP");
    }
  }

  @Test
  void memoryComesFromTheRoomAsBytesArriveAndGoesBackWhenReleased() throws IOException {
    CountedRoom room = new CountedRoom(1024);
    String line = "x".repeat(70) + "\r\n";
    SmtpInput input = bounded(line.repeat(2000) + ".\r\nNOOP\r\n", room);
    assertThat(text(input.content(LARGE))).hasSize(2000 * 72);
    assertThat(room.taken).isBetween(2000 * 72 / 1024, 1024);
    input.release();
    assertThat(room.taken).isZero();
    assertThat(input.line().text()).isEqualTo("NOOP");
  }

  @Test
  void aSmallMessageNeedsNoRoom() throws IOException {
    SmtpInput input = bounded("x".repeat(20_000) + "\r\n.\r\n", new CountedRoom(0));
    assertThat(input.content(LARGE)).isInstanceOf(Content.Whole.class);
  }

  @Test
  void withoutRoomContentIsReadToItsTrueEndAndNothingIsKept() throws IOException {
    for (String content :
        new String[] {("x".repeat(70) + "\r\n..\r\n").repeat(5000), "..\r\n".repeat(50_000)}) {
      CountedRoom room = new CountedRoom(100);
      SmtpInput input = bounded(content + ".\r\nNOOP\r\n", room);
      assertThat(input.content(LARGE)).isEqualTo(Content.NO_ROOM);
      assertThat(input.line().text()).isEqualTo("NOOP");
      input.release();
      assertThat(room.taken).isZero();
    }
  }

  @Test
  void aChunkThatIsOnlyAnnouncedTakesNoRoom() {
    CountedRoom room = new CountedRoom(100);
    SmtpInput input = bounded("ab", room);
    assertThatThrownBy(() -> input.chunk(90 << 10)).isInstanceOf(EOFException.class);
    assertThat(room.taken).isZero();
  }

  @Test
  void withoutRoomAChunkIsSkippedAndTheCommandFollows() throws IOException {
    CountedRoom room = new CountedRoom(100);
    SmtpInput input = bounded("x".repeat(300_000) + "NOOP\r\n", room);
    assertThat(input.chunk(300_000)).isEqualTo(Content.NO_ROOM);
    assertThat(input.line().text()).isEqualTo("NOOP");
    input.close();
    assertThat(room.taken).isZero();
  }

  @Test
  void aLineSaysHowItEndedAndIsBounded() throws IOException {
    SmtpInput input = bounded("NOOP\nQUIT\r\n" + "x".repeat(300) + "\r\n", Room.ENDLESS);
    assertThat(input.line()).isEqualTo(new Line("NOOP", Line.End.BARE_LF));
    assertThat(input.line()).isEqualTo(new Line("QUIT", Line.End.CRLF));
    assertThatThrownBy(input::line).isInstanceOf(LineTooLong.class);
    assertThatThrownBy(() -> bounded("x".repeat(300), Room.ENDLESS).line())
        .isInstanceOf(LineTooLong.class);
  }

  private static SmtpInput bounded(String bytes, Room room) {
    return new SmtpInput(
        new ByteArrayInputStream(bytes.getBytes(StandardCharsets.ISO_8859_1)), () -> {}, room, 200);
  }

  /** So many KiB. */
  private static final class CountedRoom implements Room {
    private final int kib;
    private int taken;

    CountedRoom(int kib) {
      this.kib = kib;
    }

    @Override
    public boolean take(int wanted) {
      if (taken + wanted > kib) {
        return false;
      }
      taken += wanted;
      return true;
    }

    @Override
    public void give(int given) {
      taken -= given;
    }
  }

  private static SmtpInput input(String bytes) {
    return new SmtpInput(
        new ByteArrayInputStream(bytes.getBytes(StandardCharsets.ISO_8859_1)), () -> {});
  }

  private static String text(SmtpInput input, int sizeMax) throws IOException {
    return text(input.content(sizeMax));
  }

  private static String text(Content content) {
    return new String(((Content.Whole) content).bytes(), StandardCharsets.ISO_8859_1);
  }

  /** Gives a few bytes at a time. */
  private static final class SplitStream extends InputStream {
    private final ByteArrayInputStream bytes;
    private final Random random;

    SplitStream(String bytes, Random random) {
      this.bytes = new ByteArrayInputStream(bytes.getBytes(StandardCharsets.ISO_8859_1));
      this.random = random;
    }

    @Override
    public int read() {
      return bytes.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      return bytes.read(target, offset, Math.min(length, 1 + random.nextInt(4)));
    }
  }
}
