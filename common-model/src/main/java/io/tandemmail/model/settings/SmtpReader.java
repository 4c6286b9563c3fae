package io.tandemmail.model.settings;

import io.tandemmail.model.address.EmailAddress;
import io.tandemmail.model.settings.SmtpSettings.BounceAddress;
import io.tandemmail.model.settings.SmtpSettings.Certificate;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code ingest.smtp}: absent, or read whole. */
final class SmtpReader {
  private static final String KEY = "smtp";
  private static final String BOUNCE = "bounce-address";
  private static final String ANY = "*@";
  private static final List<String> KEYS =
      List.of("address", "port", "certificate", "key", BOUNCE, "max-connections");

  private SmtpReader() {}

  /** @param keys whether API keys are configured */
  static Optional<SmtpSettings> read(Section ingest, Optional<Path> keys) {
    Section smtp = ingest.section(KEY);
    boolean given = ingest.has(KEY) || KEYS.stream().anyMatch(key -> smtp.text(key).isPresent());
    if (!given) {
      return Optional.empty();
    }
    HttpAddress listen =
        new HttpAddress(
            smtp.text("address").orElse("127.0.0.1"), smtp.integer("port", 0, 65_535, 2525));
    SmtpSettings settings =
        new SmtpSettings(
            listen,
            certificate(smtp),
            smtp.text(BOUNCE).flatMap(text -> bounceAddress(smtp, text)),
            smtp.integer("max-connections", 1, 10_000, 200));
    smtp.refuseUnknown();
    if (!listen.isLoopback() && keys.isEmpty()) {
      smtp.problem(
          "address",
          "lets everybody submit",
          "set ingest.api-keys-file, or bind a loopback address");
    } else if (!listen.isLoopback() && settings.certificate().isEmpty()) {
      smtp.problem(
          "address",
          "lets nobody log in: keys are taken over TLS only",
          "set ingest.smtp.certificate and ingest.smtp.key, or bind a loopback address");
    }
    return Optional.of(settings);
  }

  private static Optional<Certificate> certificate(Section smtp) {
    Optional<Path> chain = smtp.text("certificate").map(Path::of);
    Optional<Path> key = smtp.text("key").map(Path::of);
    if (chain.isPresent() != key.isPresent()) {
      smtp.problem(
          chain.isPresent() ? "key" : "certificate",
          "is missing",
          "give both, PEM files with the certificate chain and its PKCS#8 key");
    }
    return chain.flatMap(file -> key.map(its -> new Certificate(file, its)));
  }

  private static Optional<BounceAddress> bounceAddress(Section smtp, String text) {
    boolean any = text.startsWith(ANY);
    String address = (any ? "x" + text.substring(1) : text).toLowerCase(Locale.ROOT);
    String local = address.substring(0, Math.max(0, address.lastIndexOf('@')));
    if (EmailAddress.problem(address).isPresent() || local.indexOf('+') >= 0) {
      smtp.problem(
          BOUNCE,
          "is '" + text + "'",
          "write bounce@example.com, which takes bounce+<id>@example.com too, or *@bounce.example.com");
      return Optional.empty();
    }
    String domain = address.substring(address.lastIndexOf('@') + 1);
    return Optional.of(new BounceAddress(any ? Optional.empty() : Optional.of(local), domain));
  }
}
