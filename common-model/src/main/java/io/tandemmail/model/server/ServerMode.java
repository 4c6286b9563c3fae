package io.tandemmail.model.server;

import java.util.Locale;

/** What an operator ordered: {@code AUTO} lets health decide, {@code DRAINED} and {@code DOWN} overrule it. */
public enum ServerMode {
  AUTO,
  DRAINED,
  DOWN;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
