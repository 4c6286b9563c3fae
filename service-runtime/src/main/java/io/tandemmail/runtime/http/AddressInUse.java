package io.tandemmail.runtime.http;

/** Somebody else listens there. The message names the address and the key to change. */
public final class AddressInUse extends RuntimeException {
  private static final long serialVersionUID = 1;

  public AddressInUse(String address, int port, String key, Throwable cause) {
    super(
        address
            + ":"
            + port
            + " is in use; choose another port ("
            + key
            + ") or stop what listens there",
        cause);
  }
}
