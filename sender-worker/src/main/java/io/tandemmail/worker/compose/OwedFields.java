package io.tandemmail.worker.compose;

import io.tandemmail.model.address.EmailAddress;
import io.tandemmail.model.address.Mailbox;
import io.tandemmail.model.settings.RouteSettings.OwedHeaders;
import io.tandemmail.model.submission.MessageFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The fields a route adds for the recipients' sake. What the submission gives itself is never added to. */
final class OwedFields {
  private static final String UNSUBSCRIBE = "List-Unsubscribe";
  private static final String UNSUBSCRIBE_POST = "List-Unsubscribe-Post";
  private static final String FEEDBACK_ID = "Feedback-ID";

  /** RFC 2369 section 2: white space inside the brackets does not count, so an over-long URI may be broken. */
  private static final int URI_CHARS_MAX = 900;

  private OwedFields() {}

  static void write(MimeBuffer out, OwedHeaders owed, Draft draft, MessageFacts facts) {
    if (owed.equals(OwedHeaders.NONE)) {
      return;
    }
    Map<String, String> values = new HashMap<>();
    values.put("id", facts.id());
    values.put("route", facts.route());
    Set<String> recipients =
        draft.recipients().stream()
            .map(mailbox -> EmailAddress.identity(Mailbox.bareAddress(mailbox)))
            .collect(Collectors.toSet());
    if (recipients.size() == 1) {
      values.put("recipient", recipients.iterator().next());
    }
    if (!draft.gives(UNSUBSCRIBE)) {
      unsubscribe(out, owed, draft, values);
    }
    if (!draft.gives(FEEDBACK_ID)) {
      owed.feedbackId()
          .flatMap(template -> template.fill(values))
          .ifPresent(id -> new HeaderLine(out, FEEDBACK_ID).token(" ", id).end());
    }
  }

  private static void unsubscribe(
      MimeBuffer out, OwedHeaders owed, Draft draft, Map<String, String> values) {
    List<String> uris = new ArrayList<>(2);
    owed.unsubscribeHttps().flatMap(template -> template.fill(values)).ifPresent(uris::add);
    boolean oneClick = !uris.isEmpty();
    owed.unsubscribeMailto()
        .flatMap(template -> template.fill(values))
        .ifPresent(address -> uris.add("mailto:" + address));
    if (uris.isEmpty()) {
      return;
    }
    HeaderLine line = new HeaderLine(out, UNSUBSCRIBE);
    for (int i = 0; i < uris.size(); i++) {
      String uri = "<" + uris.get(i) + ">" + (i + 1 < uris.size() ? "," : "");
      for (int start = 0; start < uri.length(); start += URI_CHARS_MAX) {
        line.token(" ", uri.substring(start, Math.min(uri.length(), start + URI_CHARS_MAX)));
      }
    }
    line.end();
    // RFC 8058 section 3.1: only beside an https URI.
    if (oneClick && !draft.gives(UNSUBSCRIBE_POST)) {
      new HeaderLine(out, UNSUBSCRIBE_POST).token(" ", "List-Unsubscribe=One-Click").end();
    }
  }
}
