package io.tandemmail.console.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;

/** The web page: three files of the jar, and nothing from elsewhere. */
final class Page {
  /**
   * Nothing but the console's own files runs or is loaded, nothing inline, and no other page may frame the buttons. The
   * last three are not covered by {@code default-src} (CSP level 3, section 6).
   */
  static final String POLICY =
      "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private Page() {}

  static void routes(RoutesConfig routes) {
    file(routes, "/", "index.html", "text/html; charset=utf-8");
    file(routes, "/icon.svg", "icon.svg", "image/svg+xml");
    file(routes, "/console.css", "console.css", "text/css; charset=utf-8");
    file(routes, "/console.mjs", "console.mjs", "text/javascript; charset=utf-8");
  }

  /** For every answer: also what is meant for programs can be opened in a browser. */
  static void protect(Context ctx) {
    ctx.header("Content-Security-Policy", POLICY);
    ctx.header("X-Content-Type-Options", "nosniff");
    ctx.header("Referrer-Policy", "no-referrer");
    ctx.header("Cross-Origin-Resource-Policy", "same-origin");
    ctx.header("Cache-Control", "no-store");
  }

  /** For a page that has a style in itself: that one and nothing else, by its hash (CSP level 3, section 2.3.1). */
  static void protectStyled(Context ctx, String style) {
    ctx.header(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'sha256-"
            + sha256(style)
            + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  }

  private static String sha256(String text) {
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void file(RoutesConfig routes, String path, String name, String type) {
    byte[] content = resource(name);
    routes.get(path, ctx -> ctx.contentType(type).result(content));
  }

  private static byte[] resource(String name) {
    try (InputStream in = Objects.requireNonNull(Page.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("the jar lacks " + name, e);
    }
  }
}
