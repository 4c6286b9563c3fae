package io.tandemmail.e2e;

import io.tandemmail.sink.MailSink;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** What listens in a mail server's place and is none. */
final class Deaf implements Closeable {
  private final ServerSocket listening = new ServerSocket();
  private final List<Socket> taken = new ArrayList<>();

  private Deaf(MailSink before) throws IOException {
    before.stop();
    listening.setReuseAddress(true);
    listening.bind(new InetSocketAddress("127.0.0.1", before.port()), 1);
  }

  /** Its queue of connections is full and nobody takes any out: the kernel answers no SYN any more. */
  static Deaf swallowing(MailSink before) throws IOException {
    Deaf deaf = new Deaf(before);
    while (true) {
      Socket socket = new Socket();
      deaf.taken.add(socket);
      try {
        socket.connect(deaf.listening.getLocalSocketAddress(), 100);
      } catch (SocketTimeoutException full) {
        return deaf;
      }
    }
  }

  /** Each connection is reset as soon as it is there. */
  static Deaf resetting(MailSink before) throws IOException {
    Deaf deaf = new Deaf(before);
    Thread.ofVirtual().name("resetting").start(deaf::resetAll);
    return deaf;
  }

  private void resetAll() {
    while (true) {
      try (Socket socket = listening.accept()) {
        socket.setSoLinger(true, 0);
      } catch (IOException closed) {
        return;
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : taken) {
      socket.close();
    }
    listening.close();
  }
}
