package io.tandemmail.model.submission;

import io.tandemmail.model.wire.HeaderNames;
import io.tandemmail.model.wire.Headers;
import io.tandemmail.model.wire.Headers.Header;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * {@link MessageFacts} and {@link Assignment} as record headers: what travels beside the untouched bytes. Reading throws
 * IllegalArgumentException that names the header: only the router and workers write these, so a bad one is a defect or
 * foul play, and its reader sends the record to {@code mail.rejected}.
 */
public final class FactsCodec {
  private FactsCodec() {}

  public static Headers write(MessageFacts facts, Assignment assignment) {
    List<Header> all = list(facts);
    all.add(Header.of(HeaderNames.SERVER, assignment.server()));
    all.add(Header.of(HeaderNames.ROLE, assignment.role().wireName()));
    all.add(Header.of(HeaderNames.EPOCH, Long.toString(assignment.epoch())));
    return new Headers(all);
  }

  public static Headers write(MessageFacts facts) {
    return new Headers(list(facts));
  }

  /** What the router keeps in its schedule. */
  public static Headers writeScheduled(MessageFacts facts, LastAttempt last) {
    List<Header> all = list(facts);
    addLastAttempt(all, last);
    return new Headers(all);
  }

  public static Headers writeReturn(
      MessageFacts facts, ReturnReason reason, Optional<Instant> notBefore) {
    return writeReturn(facts, reason, notBefore, LastAttempt.NONE);
  }

  /** What a worker stamps on a record it gives back. */
  public static Headers writeReturn(
      MessageFacts facts, ReturnReason reason, Optional<Instant> notBefore, LastAttempt last) {
    List<Header> all = list(facts);
    all.add(Header.of(HeaderNames.REASON, reason.wireName()));
    notBefore.ifPresent(at -> all.add(Header.of(HeaderNames.NOT_BEFORE, at.toString())));
    addLastAttempt(all, last);
    return new Headers(all);
  }

  public static MessageFacts facts(Headers headers) {
    List<String> recipients = headers.every(HeaderNames.RCPT_TO);
    if (recipients.isEmpty()) {
      throw new IllegalArgumentException("header " + HeaderNames.RCPT_TO + " is missing");
    }
    return new MessageFacts(
        required(headers, HeaderNames.ID, Function.identity()),
        required(headers, HeaderNames.ROUTE, Function.identity()),
        new Envelope(required(headers, HeaderNames.MAIL_FROM, Function.identity()), recipients),
        required(headers, HeaderNames.CONTENT_TYPE, FactsCodec::contentType),
        required(headers, HeaderNames.SUBMITTED_AT, Instant::parse),
        optional(headers, HeaderNames.SEND_AT, Instant::parse),
        optional(headers, HeaderNames.EXPIRES_AT, Instant::parse),
        required(headers, HeaderNames.ATTEMPT, Integer::valueOf),
        required(headers, HeaderNames.HOPS, Integer::valueOf),
        headers.last(HeaderNames.METADATA));
  }

  public static Assignment assignment(Headers headers) {
    return new Assignment(
        required(headers, HeaderNames.SERVER, Function.identity()),
        required(headers, HeaderNames.ROLE, name -> Role.valueOf(name.toUpperCase(Locale.ROOT))),
        required(headers, HeaderNames.EPOCH, Long::valueOf));
  }

  public static Optional<ReturnReason> returnReason(Headers headers) {
    return headers.last(HeaderNames.REASON).flatMap(ReturnReason::ofWireName);
  }

  public static Optional<Instant> notBefore(Headers headers) {
    return optional(headers, HeaderNames.NOT_BEFORE, Instant::parse);
  }

  public static LastAttempt lastAttempt(Headers headers) {
    List<String> inDoubt = headers.every(HeaderNames.IN_DOUBT);
    return new LastAttempt(
        headers.last(HeaderNames.AVOID),
        headers
            .last(HeaderNames.IN_DOUBT_SERVER)
            .filter(server -> !inDoubt.isEmpty())
            .map(server -> new LastAttempt.Doubt(server, inDoubt)));
  }

  private static void addLastAttempt(List<Header> all, LastAttempt last) {
    last.avoid().ifPresent(server -> all.add(Header.of(HeaderNames.AVOID, server)));
    last.doubt()
        .ifPresent(doubt -> {
          all.add(Header.of(HeaderNames.IN_DOUBT_SERVER, doubt.server()));
          doubt
              .recipients()
              .forEach(recipient -> all.add(Header.of(HeaderNames.IN_DOUBT, recipient)));
        });
  }

  private static List<Header> list(MessageFacts facts) {
    List<Header> all = new ArrayList<>(16);
    all.add(Header.of(HeaderNames.ID, facts.id()));
    all.add(Header.of(HeaderNames.ROUTE, facts.route()));
    all.add(Header.of(HeaderNames.CONTENT_TYPE, facts.contentType().mediaType()));
    all.add(Header.of(HeaderNames.MAIL_FROM, facts.envelope().reversePath()));
    facts.envelope().forwardPaths().forEach(path -> all.add(Header.of(HeaderNames.RCPT_TO, path)));
    all.add(Header.of(HeaderNames.SUBMITTED_AT, facts.submittedAt().toString()));
    facts.sendAt().ifPresent(at -> all.add(Header.of(HeaderNames.SEND_AT, at.toString())));
    facts.expiresAt().ifPresent(at -> all.add(Header.of(HeaderNames.EXPIRES_AT, at.toString())));
    all.add(Header.of(HeaderNames.ATTEMPT, Integer.toString(facts.attempt())));
    all.add(Header.of(HeaderNames.HOPS, Integer.toString(facts.hops())));
    facts.metadata().ifPresent(json -> all.add(Header.of(HeaderNames.METADATA, json)));
    return all;
  }

  private static ContentType contentType(String mediaType) {
    for (ContentType type : ContentType.values()) {
      if (type.mediaType().equals(mediaType)) {
        return type;
      }
    }
    throw new IllegalArgumentException("unknown media type");
  }

  private static <T> T required(Headers headers, String name, Function<String, T> read) {
    return optional(headers, name, read)
        .orElseThrow(() -> new IllegalArgumentException("header " + name + " is missing"));
  }

  private static <T> Optional<T> optional(Headers headers, String name, Function<String, T> read) {
    try {
      return headers.last(name).map(read);
    } catch (DateTimeParseException | IllegalArgumentException e) {
      throw new IllegalArgumentException("header " + name + " is unreadable: " + e.getMessage(), e);
    }
  }
}
