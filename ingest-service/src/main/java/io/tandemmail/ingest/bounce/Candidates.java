package io.tandemmail.ingest.bounce;

import io.tandemmail.ingest.bounce.IncomingReport.Clues;
import io.tandemmail.model.bounce.MessageId;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ids that a report may be about, the surest first: the address it was sent to, the envelope id it quotes, the Message-ID it
 * gives back (docs/decisions/0003-finding-the-bounced-message.md). Guesses all of them: the caller asks which is known.
 */
public final class Candidates {
  /** What an id may be made of (docs/contract.md, "A submission"). */
  private static final Pattern ID = Pattern.compile("[\\x21-\\x7e]{1,200}");

  private static final Pattern XTEXT = Pattern.compile("\\+([0-9A-F]{2})");

  private Candidates() {}

  /** @param sentTo the envelope recipient of the report */
  public static SequencedSet<String> of(Optional<String> sentTo, Clues clues) {
    SequencedSet<String> ids = new LinkedHashSet<>();
    sentTo.flatMap(Candidates::afterPlus).ifPresent(ids::add);
    clues
        .envelopeId()
        .ifPresent(id -> {
          ids.add(id);
          ids.add(XTEXT.matcher(id).replaceAll(Candidates::character));
        });
    clues.messageId().flatMap(MessageId::idIn).ifPresent(ids::add);
    clues.reversePaths().forEach(path -> afterPlus(path).ifPresent(ids::add));
    ids.removeIf(id -> !ID.matcher(id).matches());
    return ids;
  }

  /** VERP: {@code bounce+<id>@example.com}. */
  private static Optional<String> afterPlus(String address) {
    int at = address.lastIndexOf('@');
    String local = at < 0 ? address : address.substring(0, at);
    int plus = local.indexOf('+');
    return plus < 0 ? Optional.empty() : Optional.of(local.substring(plus + 1));
  }

  private static String character(MatchResult xtext) {
    byte octet = (byte) Integer.parseInt(xtext.group(1), 16);
    return Matcher.quoteReplacement(new String(new byte[] {octet}, StandardCharsets.ISO_8859_1));
  }
}
