package io.tandemmail.model.settings;

/**
 * Where a service listens.
 *
 * @param port 0: any free port (routers and workers announce the one they got on {@code mail.services})
 */
public record HttpAddress(String address, int port) {
  /** True for 127.0.0.0/8, ::1 and localhost: what may be bound without API keys. */
  public boolean isLoopback() {
    return address.equals("localhost") || address.startsWith("127.") || address.equals("::1");
  }
}
