package io.tandemmail.runtime.presence;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** This machine, as it calls itself in greetings and reports where no name is configured. */
public final class LocalHost {
  private LocalHost() {}

  public static String name() {
    try {
      return InetAddress.getLocalHost().getCanonicalHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
