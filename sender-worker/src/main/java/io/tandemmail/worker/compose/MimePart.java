package io.tandemmail.worker.compose;

import io.tandemmail.model.mime.Base64Text;
import io.tandemmail.worker.compose.HeaderText.EncodedLooks;
import java.util.ArrayList;
import java.util.List;

/** An entity of RFC 2045: its own header fields, an empty line, its body. */
sealed interface MimePart {
  /** Of the whole, for an enclosing part that has to name it. */
  String type();

  void write(MimeBuffer out);

  record Text(String type, TextBody body) implements MimePart {
    @Override
    public void write(MimeBuffer out) {
      new HeaderLine(out, "Content-Type").token(" ", type + ";").token(" ", "charset=UTF-8").end();
      new HeaderLine(out, "Content-Transfer-Encoding").token(" ", body.encoding().wireName()).end();
      out.crlf();
      body.write(out);
    }
  }

  /** With a Content-ID it is shown where the HTML refers to it (RFC 2392), else offered for saving (RFC 2183). */
  record File(Draft.Attachment attachment) implements MimePart {
    /** RFC 2045 section 6.8. */
    private static final int LINE_CHARS = 76;

    @Override
    public String type() {
      return attachment.type();
    }

    @Override
    public void write(MimeBuffer out) {
      HeaderLine contentType = new HeaderLine(out, "Content-Type");
      HeaderText.write(contentType, attachment.type(), EncodedLooks.MEANT);
      contentType.end();
      new HeaderLine(out, "Content-Transfer-Encoding").token(" ", "base64").end();
      String disposition = attachment.contentId().isPresent() ? "inline" : "attachment";
      HeaderLine line = new HeaderLine(out, "Content-Disposition");
      if (attachment.filename().isPresent()) {
        Parameter.write(
            line.token(" ", disposition + ";"), "filename", attachment.filename().get());
      } else {
        line.token(" ", disposition);
      }
      line.end();
      attachment
          .contentId()
          .ifPresent(id -> new HeaderLine(out, "Content-ID").token(" ", "<" + id + ">").end());
      out.crlf();
      lines(out, attachment.content());
    }

    /**
     * Broken into lines without decoding: attachments arrive encoded.
     *
     * @throws IllegalArgumentException when it is no base64: nothing else may get between the lines of a message
     */
    private static void lines(MimeBuffer out, Draft.Range content) {
      byte[] text = content.bytes();
      for (int i = content.start(); i < content.end(); i++) {
        if (!Base64Text.isLetter(text[i]) && text[i] != '=') {
          throw new IllegalArgumentException("an attachment's content is not base64");
        }
      }
      for (int i = content.start(); i < content.end(); i += LINE_CHARS) {
        if (i > content.start()) {
          out.crlf();
        }
        out.write(text, i, Math.min(LINE_CHARS, content.end() - i));
      }
    }
  }

  record Multipart(String subtype, String boundary, List<MimePart> parts) implements MimePart {
    @Override
    public String type() {
      return "multipart/" + subtype;
    }

    @Override
    public void write(MimeBuffer out) {
      HeaderLine line = new HeaderLine(out, "Content-Type").token(" ", type() + ";");
      if (subtype.equals("related")) {
        // RFC 2387 section 3.1: required.
        Parameter.write(line, "type", parts.getFirst().type());
        line.token("", ";");
      }
      Parameter.write(line, "boundary", boundary);
      line.end();
      for (MimePart part : parts) {
        out.crlf().text("--").text(boundary).crlf();
        part.write(out);
      }
      out.crlf().text("--").text(boundary).text("--").crlf();
    }
  }

  /**
   * The tree for a draft: alternative around text and HTML, related around the HTML and what it shows, mixed around it all.
   *
   * @param boundary one number for each multipart is put behind it
   */
  static MimePart of(Draft draft, String boundary) {
    List<MimePart> shown = new ArrayList<>();
    List<MimePart> offered = new ArrayList<>();
    for (Draft.Attachment attachment : draft.attachments()) {
      boolean inline = draft.html().isPresent() && attachment.contentId().isPresent();
      (inline ? shown : offered).add(new File(attachment));
    }
    List<MimePart> bodies = new ArrayList<>();
    draft.text().ifPresent(text -> bodies.add(new Text("text/plain", TextBody.of(text))));
    draft
        .html()
        .map(html -> (MimePart) new Text("text/html", TextBody.of(html)))
        .map(html -> enclosed("related", boundary + 2, html, shown))
        .ifPresent(bodies::add);
    if (bodies.isEmpty() && offered.isEmpty()) {
      bodies.add(new Text("text/plain", TextBody.of("")));
    }
    if (bodies.isEmpty()) {
      return new Multipart("mixed", boundary + 0, offered);
    }
    MimePart body =
        enclosed("alternative", boundary + 1, bodies.getFirst(), bodies.subList(1, bodies.size()));
    return enclosed("mixed", boundary + 0, body, offered);
  }

  private static MimePart enclosed(
      String subtype, String boundary, MimePart first, List<MimePart> others) {
    if (others.isEmpty()) {
      return first;
    }
    List<MimePart> parts = new ArrayList<>(List.of(first));
    parts.addAll(others);
    return new Multipart(subtype, boundary, parts);
  }
}
