package io.tandemmail.ingest.bounce;

import io.tandemmail.ingest.bounce.IncomingReport.Clues;
import io.tandemmail.ingest.bounce.IncomingReport.Failed;
import io.tandemmail.model.address.Mailbox;
import io.tandemmail.model.bounce.BadMailbox;
import io.tandemmail.model.outcome.Outcome.SmtpReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** From a message to what it reports. */
public final class ReportReader {
  private static final int TEXT_CHARS_MAX = 512;
  private static final String FAILED = "failed";
  private static final String NO_COMPLAINT = "not-spam";
  private static final Pattern STATUS = Pattern.compile("[245]\\.\\d{1,3}\\.\\d{1,3}");
  private static final Pattern DIAGNOSTIC =
      Pattern.compile("smtp\\s*;\\s*(\\d{3})?[ -]*(.*)", Pattern.CASE_INSENSITIVE);
  private static final Pattern UTF8_CHARACTER = Pattern.compile("\\\\x\\{([0-9A-Fa-f]{1,6})}");

  private ReportReader() {}

  /** The largest message that is looked at. */
  public static int bytesMax() {
    return ReportParts.MESSAGE_BYTES_MAX;
  }

  public static IncomingReport read(byte[] message) throws NotAReport {
    ReportParts parts = ReportParts.of(message);
    return switch (parts.kind()) {
      case DELIVERY_STATUS -> deliveryStatus(parts);
      case FEEDBACK -> feedback(parts);
    };
  }

  private static IncomingReport deliveryStatus(ReportParts parts) throws NotAReport {
    List<Failed> failed = new ArrayList<>();
    List<String> actions = new ArrayList<>();
    for (ReportFields group : parts.groups()) {
      Optional<String> action = group.first("action").map(a -> a.toLowerCase(Locale.ROOT));
      action.ifPresent(actions::add);
      if (action.filter(word -> word.startsWith(FAILED)).isPresent()) {
        failed.add(new Failed(named(group), reply(group)));
      }
    }
    if (actions.isEmpty()) {
      throw new NotAReport("its delivery status has no Action for any recipient");
    }
    return failed.isEmpty()
        ? new IncomingReport.NothingBad(printable(String.join(", ", actions)))
        : new IncomingReport.Failures(failed, clues(parts, List.of()));
  }

  private static IncomingReport feedback(ReportParts parts) throws NotAReport {
    List<ReportFields.Field> all = new ArrayList<>();
    parts.groups().forEach(group -> all.addAll(group.all()));
    ReportFields fields = new ReportFields(all);
    String type =
        fields
            .first("feedback-type")
            .map(word -> printable(word.toLowerCase(Locale.ROOT)))
            .orElseThrow(() -> new NotAReport("its feedback report has no Feedback-Type"));
    if (type.equals(NO_COMPLAINT)) {
      return new IncomingReport.NothingBad(type);
    }
    List<String> recipients =
        fields.every("original-rcpt-to").stream().map(ReportReader::address).toList();
    return new IncomingReport.Complaint(
        type, recipients, clues(parts, fields.every("original-mail-from")));
  }

  private static Clues clues(ReportParts parts, List<String> mailFrom) {
    ReportFields header = parts.header();
    List<String> reversePaths =
        Stream.of(
                mailFrom,
                header.every("delivered-to"),
                header.every("x-original-to"),
                header.every("to"))
            .flatMap(List::stream)
            .map(ReportReader::address)
            .toList();
    Optional<String> envelopeId =
        parts.groups().stream()
            .flatMap(group -> group.every("original-envelope-id").stream())
            .findFirst();
    return new Clues(envelopeId, parts.returned().first("message-id"), reversePaths);
  }

  private static List<String> named(ReportFields group) {
    return Stream.of("original-recipient", "final-recipient")
        .flatMap(name -> group.first(name).stream())
        .map(typed -> address(typed.substring(typed.indexOf(';') + 1)))
        .filter(address -> !address.isEmpty())
        .toList();
  }

  private static SmtpReply reply(ReportFields group) {
    String diagnostic = group.first("diagnostic-code").orElse("");
    Matcher smtp = DIAGNOSTIC.matcher(diagnostic);
    boolean said = smtp.matches();
    int code = said && smtp.group(1) != null ? Integer.parseInt(smtp.group(1)) : 0;
    String text = said ? smtp.group(2) : diagnostic.substring(diagnostic.indexOf(';') + 1);
    Matcher inText = STATUS.matcher(text);
    Optional<String> fromText = inText.lookingAt() ? Optional.of(inText.group()) : Optional.empty();
    Optional<String> status =
        group
            .first("status")
            .map(STATUS::matcher)
            .filter(Matcher::find)
            .map(Matcher::group)
            .filter(given -> !given.endsWith(".0.0"))
            .or(() -> fromText);
    String rest = fromText.map(given -> text.substring(given.length())).orElse(text);
    return new SmtpReply(BadMailbox.REPORTED, code, status, printable(rest));
  }

  /** Without name, brackets and the escapes of RFC 6533. Not yet checked. */
  private static String address(String text) {
    String bare = Mailbox.bareAddress(text);
    return UTF8_CHARACTER
        .matcher(bare)
        .replaceAll(match -> {
          int codePoint = Integer.parseInt(match.group(1), 16);
          boolean valid = Character.isValidCodePoint(codePoint);
          return Matcher.quoteReplacement(valid ? Character.toString(codePoint) : "?");
        });
  }

  private static String printable(String text) {
    String bounded = text.length() > TEXT_CHARS_MAX ? text.substring(0, TEXT_CHARS_MAX) : text;
    return bounded.replaceAll("\\p{Cntrl}+", " ").strip();
  }
}
