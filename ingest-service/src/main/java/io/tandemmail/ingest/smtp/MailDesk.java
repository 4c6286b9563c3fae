package io.tandemmail.ingest.smtp;

import io.tandemmail.ingest.accept.Acceptance;
import io.tandemmail.ingest.dialogue.ContentReplies;
import io.tandemmail.ingest.dialogue.Mail;
import io.tandemmail.ingest.dialogue.Reply;
import io.tandemmail.ingest.dialogue.TandemFields;
import io.tandemmail.ingest.reports.BounceMailbox;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Headers.Header;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Submissions go where HTTP's go, as {@code message/rfc822}; reports to the bounce mailbox. */
public final class MailDesk implements Desk {
  private final Acceptance acceptance;
  private final Optional<BounceMailbox> bounces;

  /** @param bounces present where the dialogue lets reports through */
  public MailDesk(Acceptance acceptance, Optional<BounceMailbox> bounces) {
    this.acceptance = acceptance;
    this.bounces = bounces;
  }

  @Override
  public Reply take(Mail mail) throws InterruptedException {
    return switch (mail) {
      case Mail.Submission submission -> submit(submission);
      case Mail.Report report ->
          bounces.orElseThrow(() -> new IllegalStateException("no bounce mailbox")).take(report);
    };
  }

  private Reply submit(Mail.Submission mail) throws InterruptedException {
    TandemFields fields = TandemFields.of(mail.content());
    if (!fields.problems().isEmpty()) {
      return ContentReplies.refused(fields.problems());
    }
    List<Header> headers = new ArrayList<>(fields.headers());
    headers.add(Header.of(HeaderNames.MAIL_FROM, mail.reversePath()));
    mail.recipients().forEach(each -> headers.add(Header.of(HeaderNames.RCPT_TO, each)));
    return switch (acceptance.accept(
        Acceptance.headers(HeaderNames.RFC822, headers), fields.message(), Optional.empty())) {
      case Acceptance.Refused why -> ContentReplies.refused(why.problems());
      case Acceptance.NoDisk none -> ContentReplies.noDisk(none.why());
      case Acceptance.Accepted accepted ->
          accepted.awaitDurable()
              ? ContentReplies.accepted(accepted.id())
              : ContentReplies.notDurable(accepted.id());
    };
  }
}
