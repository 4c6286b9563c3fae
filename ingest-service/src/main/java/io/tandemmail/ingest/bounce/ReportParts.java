package io.tandemmail.ingest.bounce;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.RecursionMode;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a multipart/report (RFC 6522) that matter, as text.
 *
 * @param header the message's own
 * @param groups of the machine-readable part
 * @param returned the header section of the message that is reported on; no fields where it is not there
 */
record ReportParts(
    ReportFields header, Kind kind, List<ReportFields> groups, ReportFields returned) {
  static final int MESSAGE_BYTES_MAX = 32 << 20;
  private static final int PART_BYTES_MAX = 1 << 20;
  private static final int RETURNED_BYTES_MAX = 64 << 10;
  private static final int MULTIPARTS_MAX = 16;

  enum Kind {
    DELIVERY_STATUS,
    FEEDBACK
  }

  static ReportParts of(byte[] message) throws NotAReport {
    Reading reading = new Reading();
    try {
      reading.read(new ByteArrayInputStream(message));
    } catch (MimeException | IOException | IllegalArgumentException e) {
      throw new NotAReport("the message cannot be read as MIME: " + e.getMessage());
    }
    if (reading.kind == null) {
      throw new NotAReport(
          "the message holds neither a delivery status (RFC 3464) nor a feedback report (RFC 5965)");
    }
    return new ReportParts(
        new ReportFields(reading.header), reading.kind, reading.groups, reading.returned);
  }

  private static MimeTokenStream stream() {
    MimeTokenStream stream =
        new MimeTokenStream(
            new MimeConfig.Builder()
                .setMaxLineLen(64 << 10)
                .setMaxHeaderCount(1_000)
                .setMaxHeaderLen(64 << 10)
                .setMaxContentLen(MESSAGE_BYTES_MAX)
                .build());
    // The message that is given back stays one part; its own parts are nobody's report.
    stream.setRecursionMode(RecursionMode.M_NO_RECURSE);
    return stream;
  }

  /** One pass over the message. */
  private static final class Reading {
    private final List<ReportFields.Field> header = new ArrayList<>();
    private @Nullable Kind kind;
    private List<ReportFields> groups = List.of();
    private ReportFields returned = ReportFields.NONE;
    private int multiparts;

    void read(InputStream message) throws MimeException, IOException, NotAReport {
      MimeTokenStream stream = stream();
      stream.parse(message);
      for (EntityState state = stream.getState();
          state != EntityState.T_END_OF_STREAM;
          state = stream.next()) {
        if (state == EntityState.T_FIELD && multiparts == 0) {
          header.add(
              ReportFields.Field.of(stream.getField().getName(), stream.getField().getBody()));
        } else if (state == EntityState.T_START_MULTIPART && ++multiparts > MULTIPARTS_MAX) {
          throw new NotAReport("the message has more than " + MULTIPARTS_MAX + " multiparts");
        } else if (state == EntityState.T_BODY) {
          takeBody(stream);
        }
      }
    }

    private void takeBody(MimeTokenStream stream) throws IOException {
      String type = stream.getBodyDescriptor().getMimeType().toLowerCase(Locale.ROOT);
      switch (type) {
        case "message/delivery-status", "message/global-delivery-status" ->
            takeReport(Kind.DELIVERY_STATUS, text(stream, PART_BYTES_MAX));
        case "message/feedback-report" -> takeReport(Kind.FEEDBACK, text(stream, PART_BYTES_MAX));
        case "message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers" ->
            takeReturned(text(stream, RETURNED_BYTES_MAX));
        default -> {}
      }
    }

    /** The first counts. */
    private void takeReport(Kind found, String text) {
      if (kind == null) {
        kind = found;
        groups = ReportFields.groups(text);
      }
    }

    private void takeReturned(String text) {
      if (returned.all().isEmpty()) {
        returned = ReportFields.groups(text).stream().findFirst().orElse(ReportFields.NONE);
      }
    }

    private static String text(MimeTokenStream stream, int bytesMax) throws IOException {
      return new String(
          stream.getDecodedInputStream().readNBytes(bytesMax), StandardCharsets.UTF_8);
    }
  }
}
