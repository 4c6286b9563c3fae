package io.tandemmail.worker.compose;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandemmail.model.bounce.MessageId;
import io.tandemmail.model.json.Json;
import jakarta.activation.DataHandler;
import jakarta.mail.BodyPart;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import jakarta.mail.internet.ParameterList;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/** Composes one message; see the package comment for what never varies. */
public final class MimeComposer {
  private static final DateTimeFormatter RFC5322_DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss '+0000'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final Session SESSION = Session.getInstance(new Properties());
  private static final int NAME_HEX_DIGITS = 32;

  private final JsonNode submission;
  private final String id;
  private final String name;
  private int boundaries;

  private MimeComposer(JsonNode submission, String id) {
    this.submission = submission;
    this.id = id;
    this.name = digest(id);
  }

  /**
   * @param submission JSON as in docs/contract.md, "A submission"
   * @param reversePath names the domain of the Message-ID where the submission has no {@code from}
   * @return the message, lines ended by CR LF
   */
  public static byte[] compose(
      byte[] submission, String id, String reversePath, Instant submittedAt)
      throws ComposeException {
    JsonNode json =
        Json.tree(submission)
            .orElseThrow(() -> new ComposeException("the submission is not a JSON object", null));
    try {
      return new MimeComposer(json, id).compose(reversePath, submittedAt);
    } catch (MessagingException | IOException | IllegalArgumentException e) {
      throw new ComposeException("cannot compose: " + e.getMessage(), e);
    }
  }

  private byte[] compose(String reversePath, Instant submittedAt)
      throws MessagingException, IOException {
    InternetAddress from = address(submission.path("from").asText(reversePath));
    MimeMessage message = new FixedIdMessage(MessageId.of(id, from.getAddress()));
    message.setHeader("Date", RFC5322_DATE.format(submittedAt));
    message.setFrom(from);
    recipients(message, Message.RecipientType.TO, "to");
    recipients(message, Message.RecipientType.CC, "cc");
    if (submission.hasNonNull("replyTo")) {
      message.setReplyTo(new InternetAddress[] {address(submission.path("replyTo").asText())});
    }
    if (submission.hasNonNull("subject")) {
      message.setSubject(submission.path("subject").asText(), "UTF-8");
    }
    headers(message);
    content(message);
    message.saveChanges();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
    message.writeTo(bytes);
    return bytes.toByteArray();
  }

  private void recipients(MimeMessage message, Message.RecipientType type, String field)
      throws MessagingException, IOException {
    List<InternetAddress> addresses = new ArrayList<>();
    for (JsonNode recipient : submission.path(field)) {
      addresses.add(address(recipient.asText()));
    }
    if (!addresses.isEmpty()) {
      message.setRecipients(type, addresses.toArray(new InternetAddress[0]));
    }
  }

  private void headers(MimeMessage message) throws MessagingException, IOException {
    for (Map.Entry<String, JsonNode> header : submission.path("headers").properties()) {
      String value = header.getValue().asText();
      String encoded =
          MimeUtility.fold(
              header.getKey().length() + 2, MimeUtility.encodeText(value, "UTF-8", null));
      message.setHeader(header.getKey(), encoded);
    }
  }

  private void content(MimeMessage message) throws MessagingException {
    JsonNode attachments = submission.path("attachments");
    if (attachments.isEmpty()) {
      body(message);
      return;
    }
    MimeMultipart mixed = multipart("mixed");
    MimeBodyPart body = new MimeBodyPart();
    body(body);
    mixed.addBodyPart(body);
    for (JsonNode attachment : attachments) {
      mixed.addBodyPart(attachment(attachment));
    }
    message.setContent(mixed);
  }

  private void body(Part part) throws MessagingException {
    boolean text = submission.hasNonNull("text");
    boolean html = submission.hasNonNull("html");
    if (text && html) {
      MimeMultipart alternative = multipart("alternative");
      alternative.addBodyPart(textPart("text", "plain"));
      alternative.addBodyPart(textPart("html", "html"));
      part.setContent(alternative);
    } else {
      text(part, html ? "html" : "text", html ? "html" : "plain");
    }
  }

  private MimeBodyPart textPart(String field, String subtype) throws MessagingException {
    MimeBodyPart part = new MimeBodyPart();
    text(part, field, subtype);
    return part;
  }

  private void text(Part part, String field, String subtype) throws MessagingException {
    String text =
        submission
            .path(field)
            .asText("")
            .replace("\r\n", "\n")
            .replace('\r', '\n')
            .replace("\n", "\r\n");
    String type = "text/" + subtype + "; charset=UTF-8";
    part.setDataHandler(
        new DataHandler(new ByteArrayDataSource(text.getBytes(StandardCharsets.UTF_8), type)));
    part.setHeader("Content-Type", type);
  }

  private static BodyPart attachment(JsonNode attachment) throws MessagingException {
    String type = attachment.path("contentType").asText("application/octet-stream");
    byte[] content = Base64.getDecoder().decode(attachment.path("content").asText());
    MimeBodyPart part = new MimeBodyPart();
    part.setDataHandler(new DataHandler(new ByteArrayDataSource(content, type)));
    part.setHeader("Content-Type", new ContentType(type).toString());
    part.setHeader("Content-Transfer-Encoding", "base64");
    boolean inline = attachment.hasNonNull("contentId");
    part.setDisposition(inline ? Part.INLINE : Part.ATTACHMENT);
    if (inline) {
      part.setContentID("<" + attachment.path("contentId").asText() + ">");
    }
    if (attachment.hasNonNull("filename")) {
      part.setFileName(attachment.path("filename").asText());
    }
    return part;
  }

  private MimeMultipart multipart(String subtype) {
    return new FixedBoundaryMultipart(subtype, "=_" + name + "_" + boundaries++);
  }

  private static InternetAddress address(String mailbox) throws MessagingException, IOException {
    InternetAddress[] parsed = InternetAddress.parse(mailbox, false);
    if (parsed.length != 1) {
      throw new MessagingException("one address expected");
    }
    parsed[0].setPersonal(parsed[0].getPersonal(), "UTF-8");
    return parsed[0];
  }

  private static String digest(String id) {
    try {
      byte[] sha256 =
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha256).substring(0, NAME_HEX_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Jakarta Mail would make a new Message-ID whenever it saves. */
  private static final class FixedIdMessage extends MimeMessage {
    private final String id;

    FixedIdMessage(String id) {
      super(SESSION);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }

  /** Jakarta Mail would take the boundary from the clock. */
  private static final class FixedBoundaryMultipart extends MimeMultipart {
    FixedBoundaryMultipart(String subtype, String boundary) {
      super(subtype);
      ParameterList parameters = new ParameterList();
      parameters.set("boundary", boundary);
      contentType = new ContentType("multipart", subtype, parameters).toString();
    }
  }
}
