package io.tandemmail.torture.process;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Ports that nobody uses: a process that is killed comes back on the one it had. */
public final class Ports {
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private Ports() {}

  /** Below the kernel's range for outgoing connections, and never the same twice. */
  public static int free() throws IOException {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      if (GIVEN.add(port)) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
          return probe.getLocalPort();
        } catch (BindException taken) {
          // Another one.
        }
      }
    }
  }
}
