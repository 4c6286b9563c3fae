package io.tandemmail.model.settings;

import io.tandemmail.model.address.EmailAddress;
import io.tandemmail.model.mime.FieldTemplate;
import io.tandemmail.model.settings.RouteSettings.OwedHeaders;
import io.tandemmail.model.text.Suggestion;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code list-unsubscribe} and {@code feedback-id} of a route. What is read here is a legal field body for any message. */
final class OwedHeadersReader {
  /** With three percent-encoded values inside still a line of a few hundred octets. */
  private static final int CHARS_MAX = 300;

  private static final String URI_REST = "[A-Za-z0-9\\-._~:/?#\\[\\]@!$&'()*+,;=%]*";
  private static final Pattern HTTPS_URI =
      Pattern.compile("https://[A-Za-z0-9][A-Za-z0-9.-]*(?::\\d{1,5})?(?:[/?#]" + URI_REST + ")?");
  private static final Pattern MAILTO_REST = Pattern.compile("(?:\\?" + URI_REST + ")?");

  /** Google's form: up to three identifiers and the sender's, between colons. */
  private static final Pattern FEEDBACK = Pattern.compile("[!-9;-~]+(?::[!-9;-~]+){0,3}");

  private static final Key MAILTO =
      new Key("mailto", OwedHeaders.URI_VALUES, "an address such as unsubscribe+{id}@example.com");
  private static final Key HTTPS =
      new Key("https", OwedHeaders.URI_VALUES, "an address such as https://example.com/u/{id}");
  private static final Key FEEDBACK_ID =
      new Key(
          "feedback-id",
          OwedHeaders.FEEDBACK_VALUES,
          "up to four words between colons, such as {route}:example");

  private OwedHeadersReader() {}

  /**
   * @param known names of its placeholders
   * @param example for the remedy
   */
  private record Key(String name, Set<String> known, String example) {}

  static OwedHeaders read(Section route) {
    Section unsubscribe = route.section("list-unsubscribe");
    OwedHeaders owed =
        new OwedHeaders(
            unsubscribe
                .text("mailto")
                .map(text -> text.startsWith("mailto:") ? text.substring(7) : text)
                .flatMap(text -> mailto(unsubscribe, text)),
            unsubscribe.text("https").flatMap(text -> https(unsubscribe, text)),
            route.text("feedback-id").flatMap(text -> feedbackId(route, text)));
    unsubscribe.refuseUnknown();
    return owed;
  }

  private static Optional<FieldTemplate> mailto(Section section, String text) {
    FieldTemplate template = new FieldTemplate(text);
    String sample = template.sample();
    int question = sample.indexOf('?');
    String address = question < 0 ? sample : sample.substring(0, question);
    boolean legal =
        EmailAddress.problem(address).isEmpty()
            && address.chars().allMatch(c -> c < 0x7f)
            && MAILTO_REST.matcher(sample.substring(address.length())).matches();
    return checked(section, MAILTO, template, legal);
  }

  private static Optional<FieldTemplate> https(Section section, String text) {
    FieldTemplate template = new FieldTemplate(text);
    boolean legal = HTTPS_URI.matcher(template.sample()).matches();
    return checked(section, HTTPS, template, legal);
  }

  private static Optional<FieldTemplate> feedbackId(Section section, String text) {
    FieldTemplate template = new FieldTemplate(text);
    boolean legal = FEEDBACK.matcher(template.sample()).matches();
    return checked(section, FEEDBACK_ID, template, legal);
  }

  private static Optional<FieldTemplate> checked(
      Section section, Key key, FieldTemplate template, boolean legal) {
    Set<String> unknown = template.unknown(key.known);
    if (!unknown.isEmpty()) {
      String name = unknown.iterator().next();
      section.problem(
          key.name,
          "has the unknown placeholder '{" + name + "}'",
          Suggestion.nearest(name, key.known)
              .map(near -> "did you mean {" + near + "}?")
              .orElse("known here: " + String.join(", ", key.known.stream().sorted().toList())));
      return Optional.empty();
    }
    if (!legal || template.text().length() > CHARS_MAX) {
      section.problem(key.name, "is '" + template.text() + "'", "write " + key.example);
      return Optional.empty();
    }
    return Optional.of(template);
  }
}
