package io.tandemmail.router.topology;

import io.tandemmail.model.submission.FactsCodec;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.submission.ReturnReason;
import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.model.wire.Headers.Header;
import io.tandemmail.router.life.MessageState;
import io.tandemmail.router.life.MessageStateCodec;
import io.tandemmail.router.life.Recovered;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A record of {@code mail.returned} that no worker gave back: what is known of a message after a power loss. The bytes of the
 * submission are the record's value when a recipient is open.
 */
public record RecoveredRecord(String id, Recovered message) {

  public Headers write() {
    List<Header> all = new ArrayList<>();
    all.add(Header.of(HeaderNames.ID, id));
    all.add(Header.of(HeaderNames.REASON, ReturnReason.RECOVERED.wireName()));
    all.add(
        Header.of(
            HeaderNames.STATE,
            Base64.getEncoder().encodeToString(MessageStateCodec.write(message.state()))));
    message
        .facts()
        .ifPresent(open -> all.addAll(FactsCodec.writeScheduled(open, message.last()).all()));
    return new Headers(all);
  }

  /**
   * @throws IllegalArgumentException naming the header that is missing or unreadable
   */
  static RecoveredRecord read(Headers headers) {
    String id = required(headers, HeaderNames.ID);
    byte[] bytes = Base64.getDecoder().decode(required(headers, HeaderNames.STATE));
    MessageState state = MessageStateCodec.read(bytes);
    Optional<MessageFacts> facts =
        state.ended() ? Optional.empty() : Optional.of(FactsCodec.facts(headers));
    return new RecoveredRecord(id, new Recovered(state, facts, FactsCodec.lastAttempt(headers)));
  }

  private static String required(Headers headers, String name) {
    return headers
        .last(name)
        .orElseThrow(() -> new IllegalArgumentException("header " + name + " is missing"));
  }
}
