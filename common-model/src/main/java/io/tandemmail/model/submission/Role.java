package io.tandemmail.model.submission;

import java.util.Locale;

/** The role of a server in a route. */
public enum Role {
  PRIMARY,
  SECONDARY;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
