package io.tandemmail.torture.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MarkTest {
  @Test
  void isFoundAcrossPieces() {
    Mark mark = new Mark(bytes("\r\n.\r\n"));

    assertThat(mark.endIn(bytes("text\r\n"), 6)).isEqualTo(-1);
    assertThat(mark.endIn(bytes(".\r"), 2)).isEqualTo(-1);
    assertThat(mark.endIn(bytes("\nMAIL"), 5)).isEqualTo(1);
  }

  @Test
  void isNotFoundWhereItOnlyBegins() {
    Mark mark = new Mark(bytes("\r\n.\r\n"));

    assertThat(mark.endIn(bytes("\r\n..\r\n\r\n.x"), 10)).isEqualTo(-1);
  }

  @Test
  void isNotFoundBeforeItsFirstByteHasCome() {
    assertThat(new Mark(new byte[] {0, 0}).endIn(new byte[] {0}, 1)).isEqualTo(-1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
