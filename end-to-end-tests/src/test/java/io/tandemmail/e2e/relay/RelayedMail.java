package io.tandemmail.e2e.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.sink.ReceivedMessage;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Properties;
import java.util.Random;

/** Mail with what relays are known to spoil: dots at line starts, UTF-8, long lines, an attachment. */
final class RelayedMail {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int LINE_MAX = 998;
  private static final String TEXT =
      ".\n..two dots\n.one dot\nGrüße, 世界 🐦\n" + "y".repeat(3000) + "\n.\n";

  private RelayedMail() {}

  /** Every second one as a finished message, the others as JSON with an attachment. The status of the answer. */
  static int submit(String ingest, int number) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(ingest + "/v1/messages"));
    if (number % 2 == 0) {
      String message =
          """
          From: shop@example.com
          To: ann@example.net
          Subject: whole
          Message-ID: <%1$s@example.com>
          X-Tandem-Key: %1$s
          MIME-Version: 1.0
          Content-Type: text/plain; charset=utf-8
          Content-Transfer-Encoding: 8bit

          """
                  .formatted(id(number))
                  .replace("\n", "\r\n")
              + body(number);
      request
          .header("content-type", "message/rfc822")
          .header("tandem-id", id(number))
          .header("tandem-mail-from", "bounce@example.com")
          .header("tandem-rcpt-to", "ann@example.net")
          .POST(HttpRequest.BodyPublishers.ofString(message));
    } else {
      String json =
          """
          {"id":"%1$s","from":"shop@example.com","to":["ann@example.net"],"subject":"Grüße","text":"%2$s",
           "headers":{"X-Tandem-Key":"%1$s"},
           "attachments":[{"filename":"a.bin","contentType":"application/octet-stream","content":"%3$s"}]}
          """
              .formatted(
                  id(number),
                  TEXT.replace("\n", "\\n"),
                  Base64.getEncoder().encodeToString(attachment(number)));
      request
          .header("content-type", "application/json")
          .POST(HttpRequest.BodyPublishers.ofString(json));
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  static String id(int number) {
    return "relayed-" + number;
  }

  /** Everything behind the header as it was submitted; a relay may add to the header only. */
  static void assertIntact(ReceivedMessage received) throws MessagingException, IOException {
    int number = Integer.parseInt(received.key().substring("relayed-".length()));
    if (number % 2 == 0) {
      String content = new String(received.content(), StandardCharsets.UTF_8);
      assertThat(content.substring(content.indexOf("\r\n\r\n") + 4)).isEqualTo(body(number));
      return;
    }
    MimeMessage message =
        new MimeMessage(
            Session.getInstance(new Properties()), new ByteArrayInputStream(received.content()));
    assertThat(message.getSubject()).isEqualTo("Grüße");
    Multipart parts = (Multipart) message.getContent();
    assertThat(parts.getCount()).isEqualTo(2);
    assertThat(parts.getBodyPart(0).getContent().toString().replace("\r\n", "\n")).isEqualTo(TEXT);
    BodyPart attached = parts.getBodyPart(1);
    assertThat(attached.getFileName()).isEqualTo("a.bin");
    assertThat(attached.getInputStream().readAllBytes()).isEqualTo(attachment(number));
  }

  private static String body(int number) {
    return ".\r\n..two dots\r\n.%d\r\nGrüße, 世界 🐦\r\n%s\r\nFrom here\r\n\r\n.\r\n"
        .formatted(number, "x".repeat(LINE_MAX));
  }

  private static byte[] attachment(int number) {
    byte[] bytes = new byte[5000 + number];
    new Random(number).nextBytes(bytes);
    return bytes;
  }
}
