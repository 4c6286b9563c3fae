package io.tandemmail.worker.dkim.canonical;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which fields a signature covers (RFC 6376 section 5.4.1), as its h= tag lists them. Each name stands once more than the field
 * does, so that nobody can add another instance and keep the signature (section 8.15): mail readers may show the added one.
 */
public final class SignedNames {
  /** What every reader shows: signed even when absent, so that it stays absent. */
  private static final List<String> ALWAYS = List.of("From", "Subject");

  private static final List<String> WHEN_PRESENT =
      List.of(
          "Sender",
          "Reply-To",
          "To",
          "Cc",
          "Date",
          "Message-ID",
          "In-Reply-To",
          "References",
          "MIME-Version",
          "Content-Type",
          "Content-Transfer-Encoding",
          "List-Id",
          "List-Unsubscribe",
          "List-Unsubscribe-Post",
          "Feedback-ID");

  private SignedNames() {}

  public static List<String> of(MessageFields fields) {
    List<String> names = new ArrayList<>();
    for (String name : ALWAYS) {
      add(name, count(fields, name), names);
    }
    for (String name : WHEN_PRESENT) {
      int count = count(fields, name);
      if (count > 0) {
        add(name, count, names);
      }
    }
    return names;
  }

  private static int count(MessageFields fields, String name) {
    return fields.named(name.toLowerCase(Locale.ROOT)).size();
  }

  private static void add(String name, int present, List<String> names) {
    for (int i = 0; i <= present; i++) {
      names.add(name);
    }
  }
}
