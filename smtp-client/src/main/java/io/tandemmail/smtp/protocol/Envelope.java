package io.tandemmail.smtp.protocol;

import io.tandemmail.smtp.DsnRequest;
import io.tandemmail.smtp.EnhancedCode;
import io.tandemmail.smtp.MailTransaction;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.Reply;
import java.util.Optional;
import java.util.stream.Collectors;

/** MAIL and RCPT with the parameters the server offered; and what cannot be sent to this server at all, known before asking. */
final class Envelope {
  private final Capabilities offered;

  Envelope(Capabilities offered) {
    this.offered = offered;
  }

  /** Settles what the server's own EHLO reply rules out, with the reply it would have to give. */
  void refuseImpossible(Transaction transaction) {
    MailTransaction mail = transaction.mail();
    if (mail.content().length > offered.contentBytesMax()) {
      transaction.settleOpen(
          Phase.MAIL,
          ours(
              552,
              new EnhancedCode(5, 3, 4),
              mail.content().length
                  + " bytes, the server takes "
                  + offered.contentBytesMax()
                  + " (SIZE)"));
    } else if (!asciiPaths(mail) && !offered.offers("SMTPUTF8")) {
      transaction.settleOpen(
          Phase.MAIL,
          ours(
              553,
              new EnhancedCode(5, 6, 7),
              "an address is not ASCII and the server offers no SMTPUTF8"));
    } else if (!offered.offers("8BITMIME") && EightBit.anyIn(mail.content())) {
      transaction.settleOpen(
          Phase.MAIL,
          ours(
              554,
              new EnhancedCode(5, 6, 3),
              "the content has 8-bit bytes and the server offers no 8BITMIME"));
    }
    for (int i = offered.recipientsMax(); i < mail.forwardPaths().size(); i++) {
      transaction.settle(
          i,
          Phase.RCPT,
          ours(
              452,
              new EnhancedCode(4, 5, 3),
              "the server takes "
                  + offered.recipientsMax()
                  + " recipients at a time (RFC 9422 RCPTMAX)"));
    }
  }

  void mail(MailTransaction mail, CommandBuffer out) {
    out.text("MAIL FROM:<").text(mail.reversePath()).text(">");
    if (offered.offers("SIZE")) {
      out.text(" SIZE=").number(mail.content().length);
    }
    boolean eightBit = offered.offers("8BITMIME") && EightBit.anyIn(mail.content());
    if (eightBit) {
      out.text(" BODY=8BITMIME");
    }
    boolean international = !asciiPaths(mail) || (eightBit && EightBit.inHeaderOf(mail.content()));
    if (international && offered.offers("SMTPUTF8")) {
      out.text(" SMTPUTF8");
    }
    DsnRequest dsn = mail.dsn();
    if (offered.offers("DSN")) {
      dsn.content().ifPresent(content -> out.text(" RET=").text(content.name()));
      dsn.envelopeId().ifPresent(id -> out.text(" ENVID=").xtext(id));
    }
    out.endLine();
  }

  void recipient(MailTransaction mail, int index, CommandBuffer out) {
    String path = mail.forwardPaths().get(index);
    out.text("RCPT TO:<").text(path).text(">");
    DsnRequest dsn = mail.dsn();
    if (offered.offers("DSN")) {
      if (!dsn.notifyOn().isEmpty()) {
        out.text(" NOTIFY=")
            .text(
                dsn.notifyOn().stream().sorted().map(Enum::name).collect(Collectors.joining(",")));
      }
      if (dsn.originalRecipient() && ascii(path)) {
        out.text(" ORCPT=rfc822;").xtext(path);
      }
    }
    out.endLine();
  }

  private static Reply ours(int code, EnhancedCode enhanced, String why) {
    return new Reply(code, Optional.of(enhanced), "not sent: " + why);
  }

  private static boolean asciiPaths(MailTransaction mail) {
    return ascii(mail.reversePath()) && mail.forwardPaths().stream().allMatch(Envelope::ascii);
  }

  private static boolean ascii(String path) {
    return path.chars().allMatch(c -> c < 0x80);
  }
}
