package io.tandemmail.sink;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Says what it is told to, byte for byte, and reads replies. */
public final class ScriptedClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;
  private Socket socket;
  private BufferedReader in;

  private ScriptedClient(Socket socket) throws IOException {
    this.socket = socket;
    this.in = reader(socket);
  }

  /** Without waiting for a greeting. */
  public static ScriptedClient connect(MailSink sink) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), sink.port());
    socket.setSoTimeout(PATIENCE_MILLIS);
    return new ScriptedClient(socket);
  }

  public static ScriptedClient greeted(MailSink sink) throws IOException {
    ScriptedClient client = connect(sink);
    client.reply();
    return client;
  }

  void send(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends a line and reads its reply. */
  public String ask(String line) throws IOException {
    send(line + "\r\n");
    return reply();
  }

  /** A whole reply, its lines joined by a bar; "closed" at the end of the stream. */
  public String reply() throws IOException {
    StringBuilder reply = new StringBuilder();
    while (true) {
      String line = in.readLine();
      if (line == null) {
        return "closed";
      }
      reply.append(line);
      if (line.length() < 4 || line.charAt(3) != '-') {
        return reply.toString();
      }
      reply.append('|');
    }
  }

  /** One transaction in lock step; the reply that ended it. */
  public String mail(String recipient) throws IOException {
    String reply = ask("MAIL FROM:<shop@example.com>");
    if (reply.startsWith("250")) {
      reply = ask("RCPT TO:<" + recipient + ">");
    }
    if (reply.startsWith("250")) {
      reply = ask("DATA");
    }
    if (reply.startsWith("354")) {
      reply = ask("X-Tandem-Key: k1\r\n\r\nhello\r\n.");
    }
    return reply;
  }

  void patience(int millis) throws IOException {
    socket.setSoTimeout(millis);
  }

  void startTls(SSLContext context) throws IOException {
    SSLSocket secure =
        (SSLSocket)
            context.getSocketFactory().createSocket(socket, "127.0.0.1", socket.getPort(), true);
    secure.startHandshake();
    socket = secure;
    in = reader(secure);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }
}
