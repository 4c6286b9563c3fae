package io.tandemmail.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A server that says what it is told to, correct or not: a script for each connection, one after the other. */
public final class ScriptedServer implements AutoCloseable {
  /** What to do with a connection. */
  public interface Script {
    void run(Conversation client) throws IOException;
  }

  /** The connection. */
  public record Conversation(Socket socket, ServerSocket listening) {
    public void say(String bytes) throws IOException {
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
    }

    public void readUntil(String end) throws IOException {
      StringBuilder seen = new StringBuilder();
      InputStream in = socket.getInputStream();
      while (seen.indexOf(end) < 0) {
        int b = in.read();
        if (b < 0) {
          throw new IOException("closed");
        }
        seen.append((char) b);
      }
    }

    /** Greeting and EHLO, with PIPELINING. */
    public void greet() throws IOException {
      say("220 hello\r\n");
      readUntil("\r\n");
      say("250-hello\r\n250 PIPELINING\r\n");
    }

    /** Says nothing more, until the test closes the server. */
    public void fallSilent() throws IOException {
      listening.accept().close();
    }
  }

  private final ServerSocket listening;

  private ScriptedServer(ServerSocket listening) {
    this.listening = listening;
  }

  public static ScriptedServer start(Script... scripts) throws IOException {
    ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(() -> {
          for (Script script : scripts) {
            try (Socket socket = listening.accept()) {
              socket.setTcpNoDelay(true);
              script.run(new Conversation(socket, listening));
            } catch (IOException theClientLeft) {
              // As it should.
            }
          }
        });
    return new ScriptedServer(listening);
  }

  public int port() {
    return listening.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
