package io.tandemmail.smtp.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.SinkConfig;
import io.tandemmail.smtp.ScriptedServer;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The same dialogues through this provider and through Angus's own transport. Every difference stands in
 * docs/jakarta-mail.md with its reason; one that is not there, or no longer is one, fails here.
 */
@Timeout(120)
class DifferentialTest {
  private static final Path DOCUMENT = Path.of("../docs/jakarta-mail.md");
  private static final String ANGUS = "smtp";

  /** Recipients' local parts, which tell the sink how to behave. */
  private static final List<String> DIALOGUES =
      List.of(
          "ann",
          "ann bob",
          "550-rcpt",
          "450-rcpt",
          "421-rcpt",
          "552-rcpt",
          "ann 550-rcpt",
          "ann 450-rcpt bob",
          "550-rcpt 450-rcpt",
          "451-data",
          "554-data",
          "421-data",
          "451-dot",
          "552-dot",
          "421-dot",
          "close-rcpt",
          "close-data",
          "close-before-dot",
          "close-dot",
          "close-after-dot",
          "silent-rcpt",
          "silent-dot",
          "silent-after-dot");

  /** Replies to the final dot. */
  private static final List<String> LAST_WORDS =
      List.of(
          "250 ok",
          "250-ok/550 no",
          "250ok",
          "354 more",
          "251 forwarded",
          "999 ok",
          "250-ok/250 ok");

  @Test
  void everyDifferenceIsKnownAndEveryKnownDifferenceIsOne() throws Exception {
    List<String> differences = new ArrayList<>();
    for (String recipients : DIALOGUES) {
      compare(
          differences,
          "to " + recipients,
          throughSink(TandemProvider.PROTOCOL, recipients),
          throughSink(ANGUS, recipients));
    }
    for (String lastWords : LAST_WORDS) {
      compare(
          differences,
          "dot answered `" + lastWords + "`",
          throughScript(TandemProvider.PROTOCOL, lastWords),
          throughScript(ANGUS, lastWords));
    }
    compare(
        differences,
        "recipient `a@x> ORCPT=rfc822;b`",
        injected(TandemProvider.PROTOCOL),
        injected(ANGUS));
    assertThat(documented())
        .as("rows of %s, which should be:%n%s%n", DOCUMENT, String.join("\n", differences))
        .containsExactlyElementsOf(differences);
  }

  private static void compare(
      List<String> differences, String dialogue, String ours, String angus) {
    if (!ours.equals(angus)) {
      differences.add("| " + dialogue + " | " + ours + " | " + angus + " |");
    }
  }

  private static List<String> documented() throws IOException {
    return Files.readAllLines(DOCUMENT).stream()
        .filter(line ->
            line.startsWith("| to ")
                || line.startsWith("| dot ")
                || line.startsWith("| recipient `"))
        // The last column is the reason.
        .map(line -> line.substring(0, line.lastIndexOf('|', line.length() - 2) + 1))
        .toList();
  }

  private static String throughSink(String protocol, String recipients) throws Exception {
    try (MailSink sink = MailSink.start(SinkConfig.named("s").keeping())) {
      String[] addresses =
          Stream.of(recipients.split(" "))
              .map(local -> local + "@x.example")
              .toArray(String[]::new);
      String outcome = send(protocol, sink.port(), addresses);
      long taken = sink.counts().accepted();
      return outcome + (taken > 0 ? ", server has " + taken : "");
    }
  }

  private static String throughScript(String protocol, String lastWords) throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(client -> {
          client.say("220 hello\r\n");
          client.readUntil("\r\n");
          client.say("250 hello\r\n");
          client.readUntil("\r\n");
          client.say("250 ok\r\n");
          client.readUntil("\r\n");
          client.say("250 ok\r\n");
          client.readUntil("\r\n");
          client.say("354 go\r\n");
          client.readUntil("\r\n.\r\n");
          client.say(lastWords.replace("/", "\r\n") + "\r\n");
          client.fallSilent();
        })) {
      return send(protocol, server.port(), "ann@x.example");
    }
  }

  private static String injected(String protocol) throws Exception {
    try (MailSink sink = MailSink.start(SinkConfig.named("s").keeping())) {
      return send(protocol, sink.port(), "a@x> ORCPT=rfc822;b");
    }
  }

  private static String send(String protocol, int port, String... recipients) throws Exception {
    Properties properties = new Properties();
    properties.setProperty("mail." + protocol + ".timeout", "400");
    properties.setProperty("mail." + protocol + ".sendpartial", "true");
    properties.setProperty("mail." + protocol + ".localhost", "localhost");
    Session session = Session.getInstance(properties);
    MimeMessage message =
        new MimeMessage(
            session,
            new ByteArrayInputStream(
                "From: s@x.example\r\nSubject: x\r\n\r\n.dot\r\n"
                    .getBytes(StandardCharsets.US_ASCII)));
    Address[] to = new Address[recipients.length];
    for (int i = 0; i < to.length; i++) {
      InternetAddress address = new InternetAddress();
      address.setAddress(recipients[i]);
      to[i] = address;
    }
    Transport transport = session.getTransport(protocol);
    try {
      transport.connect("127.0.0.1", port, null, null);
      transport.sendMessage(message, to);
      return "sent";
    } catch (SendFailedException e) {
      return describe(e);
    } catch (InDoubtException e) {
      return "in doubt";
    } catch (MessagingException e) {
      return e.getClass().getSimpleName();
    } finally {
      try {
        transport.close();
      } catch (MessagingException alreadyGone) {
        // Only the outcome counts.
      }
    }
  }

  private static String describe(SendFailedException e) {
    return "sent "
        + locals(e.getValidSentAddresses())
        + ", later "
        + locals(e.getValidUnsentAddresses())
        + ", never "
        + locals(e.getInvalidAddresses());
  }

  private static String locals(Address[] addresses) {
    return addresses == null || addresses.length == 0
        ? "–"
        : Arrays.stream(addresses)
            .map(address -> ((InternetAddress) address).getAddress().split("@")[0])
            .collect(Collectors.joining(" "));
  }
}
