package io.tandemmail.smtp;

import io.tandemmail.smtp.protocol.Login;
import java.io.IOException;

/** Where a connection's credentials come from; asked for each connection, so that a changed password is used at once. */
public interface LoginSource {
  /**
   * @throws IOException that names what could not be read
   */
  Login read() throws IOException;
}
