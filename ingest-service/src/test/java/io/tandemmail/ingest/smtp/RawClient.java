package io.tandemmail.ingest.smtp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Says what it is told to, byte for byte. */
final class RawClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 30_000;

  private Socket socket;
  private BufferedReader in;

  RawClient(SmtpListener listener) throws IOException {
    socket = new Socket("127.0.0.1", listener.port());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = reader();
  }

  /** After the greeting and EHLO. */
  static RawClient greeted(SmtpListener listener) throws IOException {
    RawClient client = new RawClient(listener);
    client.reply();
    client.ask("EHLO localhost");
    return client;
  }

  void send(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** The reply's lines with | between; "closed" when there is none. */
  String reply() throws IOException {
    StringBuilder reply = new StringBuilder();
    String line;
    do {
      line = in.readLine();
      if (line == null) {
        return "closed";
      }
      reply.append(reply.isEmpty() ? "" : "|").append(line);
    } while (line.charAt(3) == '-');
    return reply.toString();
  }

  String ask(String line) throws IOException {
    send(line + "\r\n");
    return reply();
  }

  /** Up to the reply to DATA. */
  void begin(String recipient) throws IOException {
    ask("MAIL FROM:<a@b.example>");
    ask("RCPT TO:<" + recipient + ">");
    ask("DATA");
  }

  String mail(String content) throws IOException {
    begin("ann@example.net");
    send(content);
    return reply();
  }

  boolean hasReply() throws IOException {
    return in.ready() || socket.getInputStream().available() > 0;
  }

  void secure(SSLContext context) throws IOException {
    SSLSocket secure =
        (SSLSocket)
            context.getSocketFactory().createSocket(socket, "127.0.0.1", socket.getPort(), true);
    secure.startHandshake();
    socket = secure;
    in = reader();
  }

  private BufferedReader reader() throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
