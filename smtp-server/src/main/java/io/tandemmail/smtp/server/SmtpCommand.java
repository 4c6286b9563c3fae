package io.tandemmail.smtp.server;

import java.util.Locale;

/**
 * @param verb in upper case
 * @param argument what follows the first space, empty when nothing does
 */
public record SmtpCommand(String verb, String argument) {
  public static SmtpCommand parse(String line) {
    int space = line.indexOf(' ');
    return space < 0
        ? new SmtpCommand(line.toUpperCase(Locale.ROOT), "")
        : new SmtpCommand(
            line.substring(0, space).toUpperCase(Locale.ROOT), line.substring(space + 1).strip());
  }
}
