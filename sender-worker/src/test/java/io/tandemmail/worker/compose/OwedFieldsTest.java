package io.tandemmail.worker.compose;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.mime.FieldTemplate;
import io.tandemmail.model.settings.RouteSettings.OwedHeaders;
import io.tandemmail.model.submission.Envelope;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OwedFieldsTest {
  private static final String ONE =
      "{\"from\":\"a@example.com\",\"to\":[\"Ann <ann+x@Example.net>\"],\"text\":\"x\"}";
  private static final String TWO =
      "{\"from\":\"a@example.com\",\"to\":[\"ann@example.net\"],\"bcc\":[\"bob@example.net\"],\"text\":\"x\"}";

  @Test
  void aRouteAddsItsFields() throws Exception {
    MimeMessage message = compose(ONE);

    assertThat(message.getHeader("List-Unsubscribe", null).replace("\r\n", ""))
        .isEqualTo(
            "<https://example.com/u/receipt-1017?r=ann%2Bx%40example.net>, <mailto:unsubscribe+receipt-1017@example.com?subject=stop>");
    assertThat(message.getHeader("List-Unsubscribe-Post"))
        .containsExactly("List-Unsubscribe=One-Click");
    assertThat(message.getHeader("Feedback-ID")).containsExactly("default:example");
  }

  @Test
  void anAddressWithARecipientNeedsExactlyOne() throws Exception {
    MimeMessage message = compose(TWO);

    assertThat(message.getHeader("List-Unsubscribe"))
        .containsExactly("<mailto:unsubscribe+receipt-1017@example.com?subject=stop>");
    assertThat(message.getHeader("List-Unsubscribe-Post")).isNull();
  }

  /** A retry carries the recipients still open; its bytes must be those of the first attempt. */
  @Test
  void theRecipientsAreTheSubmissionsNotTheAttempts() throws Exception {
    byte[] json = TWO.getBytes(StandardCharsets.UTF_8);
    Envelope both = new Envelope("a@example.com", List.of("ann@example.net", "bob@example.net"));
    byte[] first = MimeComposer.compose(json, Composing.FACTS.withEnvelope(both), Composing.OWED);

    assertThat(
            MimeComposer.compose(
                json,
                Composing.FACTS.withEnvelope(both.withForwardPaths(List.of("bob@example.net"))),
                Composing.OWED))
        .isEqualTo(first);
  }

  @Test
  void whatTheSubmissionGivesWins() throws Exception {
    MimeMessage message =
        compose(
            ONE.replace(
                "\"text\"",
                "\"headers\":{\"list-unsubscribe\":\"<mailto:me@example.com>\",\"FEEDBACK-ID\":\"mine\"},\"text\""));

    assertThat(message.getHeader("List-Unsubscribe")).containsExactly("<mailto:me@example.com>");
    assertThat(message.getHeader("List-Unsubscribe-Post")).isNull();
    assertThat(message.getHeader("Feedback-ID")).containsExactly("mine");
  }

  @Test
  void aVeryLongAddressIsBrokenWhereWhiteSpaceDoesNotCount() throws Exception {
    OwedHeaders owed =
        new OwedHeaders(
            Optional.empty(),
            Optional.of(new FieldTemplate("https://example.com/" + "x".repeat(1200))),
            Optional.empty());
    String message = Composing.text(Composing.compose(ONE, owed));

    assertThat(message.split("\r\n")).allMatch(line -> line.length() <= 998);
    assertThat(message.replaceAll("\r\n\\s", ""))
        .contains("<https://example.com/" + "x".repeat(1200) + ">");
  }

  private static MimeMessage compose(String json) throws Exception {
    return Composing.parse(Composing.compose(json, Composing.OWED));
  }
}
