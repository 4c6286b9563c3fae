package io.tandemmail.smtp.jakarta;

import jakarta.mail.Provider;

/** Found by the service loader: protocol {@code tandem-smtp}. */
public final class TandemProvider extends Provider {
  public static final String PROTOCOL = "tandem-smtp";

  public TandemProvider() {
    super(Type.TRANSPORT, PROTOCOL, TandemTransport.class.getName(), "Tandem", null);
  }
}
