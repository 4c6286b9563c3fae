package io.tandemmail.console.browser;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The rules against requests that the operator did not mean.
 *
 * <ul>
 *   <li><b>Another name.</b> A name that a stranger owns may resolve to 127.0.0.1 (DNS rebinding), and then the stranger's
 *       page is of the same origin as the console. On loopback only loopback's names are answered. Elsewhere the console
 *       cannot know its names.
 *   <li><b>Another site.</b> Browsers say in {@code Sec-Fetch-Site} whose page asks (W3C Fetch Metadata) and no page can
 *       change it; those that do not say it send {@code Origin} with what writes (RFC 6454 section 7). A link from elsewhere
 *       to the console may be followed.
 *   <li><b>Another form.</b> What writes has to be {@code application/json}: a form of another page cannot be, without a
 *       preflight that the console does not answer.
 * </ul>
 *
 * @param loopback whether the console listens on loopback
 * @param address where it listens, which is one of its names
 */
public record BrowserRules(boolean loopback, String address) {
  private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Set<String> OUR_PAGE_OR_NONE = Set.of("same-origin", "none");
  private static final Set<String> READING = Set.of("GET", "HEAD");

  /**
   * @param headers a header's value by its name in lower case
   */
  public Optional<Refusal> refuse(String method, Function<String, Optional<String>> headers) {
    String host = headers.apply("host").orElse("").toLowerCase(Locale.ROOT);
    if (loopback && !isOurs(withoutPort(host))) {
      return Optional.of(
          new Refusal(
              421,
              "the console listens on loopback and is not known by this host name; use http://localhost or http://127.0.0.1"));
    }
    if (isOfAnotherSite(method, host, headers)) {
      return Optional.of(
          new Refusal(
              403,
              "a page of another site asks for this; open the console itself and do it there"));
    }
    if (!READING.contains(method) && !isJson(headers.apply("content-type").orElse(""))) {
      return Optional.of(new Refusal(415, "send it with content-type: application/json"));
    }
    return Optional.empty();
  }

  private boolean isOurs(String name) {
    return LOOPBACK_NAMES.contains(name) || name.equals(address);
  }

  private static boolean isOfAnotherSite(
      String method, String host, Function<String, Optional<String>> headers) {
    Optional<String> site = headers.apply("sec-fetch-site");
    if (site.isPresent()) {
      boolean followsLink =
          method.equals("GET") && headers.apply("sec-fetch-mode").equals(Optional.of("navigate"));
      return !OUR_PAGE_OR_NONE.contains(site.get()) && !followsLink;
    }
    Optional<String> origin = headers.apply("origin");
    return origin.isPresent()
        && !READING.contains(method)
        && !withoutScheme(origin.get().toLowerCase(Locale.ROOT)).equals(host);
  }

  /** RFC 3986 section 3.2.2: the colons of an IPv6 address stand in brackets. */
  private static String withoutPort(String host) {
    int colon = host.indexOf(':', host.indexOf(']') + 1);
    return colon < 0 ? host : host.substring(0, colon);
  }

  private static String withoutScheme(String origin) {
    int end = origin.indexOf("://");
    return end < 0 ? origin : origin.substring(end + 3);
  }

  private static boolean isJson(String contentType) {
    return contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals("application/json");
  }
}
