package io.tandemmail.model.doubt;

import java.util.Locale;

/** {@code routes.<id>.in-doubt}: what is done about a recipient in doubt. */
public enum InDoubtPolicy {
  /** Sent again to the server that may have it, while that is in service: the only one that can know the message again. */
  RESEND_SAME_SERVER,
  /** Sent again to whichever server health says. */
  RESEND,
  /** Not sent again before an operator says so ({@code tandem in-doubt resolve}); expires as any mail. */
  HOLD;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
