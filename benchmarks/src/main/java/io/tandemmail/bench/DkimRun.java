package io.tandemmail.bench;

import io.tandemmail.model.settings.DkimKeySettings;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.RouteSettings.Retry;
import io.tandemmail.worker.dkim.DkimKeys;
import io.tandemmail.worker.dkim.DkimSigner;
import io.tandemmail.worker.dkim.FastProvider;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How many messages of 4 KiB are signed in a second of processor time, with each kind of key, by the JDK and by the fast
 * provider. Processor time, because signing waits for nothing: what else the machine does must not count.
 */
final class DkimRun {
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();
  private static final Duration WARM_UP = Duration.ofSeconds(2);
  private static final Duration MEASURED = Duration.ofSeconds(4);
  private static final int BATCH = 50;
  private static final Instant SUBMITTED = Instant.parse("2026-11-24T10:00:00Z");

  private DkimRun() {}

  static void print() throws IOException {
    Path folder = Files.createTempDirectory("tandem-bench-dkim");
    Path rsa = folder.resolve("rsa.pem");
    Path ed25519 = folder.resolve("ed25519.pem");
    try {
      key(rsa, "RSA", 2048);
      key(ed25519, "Ed25519", 255);
      List<RouteSettings> routes =
          List.of(route("rsa", rsa), route("ed25519", ed25519), route("both", rsa, ed25519));
      System.out.println("messages of 4 KiB signed per second of processor time");
      rates("JDK " + Runtime.version(), routes, Optional.empty());
      Optional<Provider> fast = FastProvider.find();
      if (fast.isPresent()) {
        rates(fast.get().getName() + " " + fast.get().getVersionStr(), routes, fast);
      } else {
        System.out.println("no AmazonCorrettoCryptoProvider here");
      }
    } finally {
      Files.deleteIfExists(rsa);
      Files.deleteIfExists(ed25519);
      Files.deleteIfExists(folder);
    }
  }

  private static void rates(String who, List<RouteSettings> routes, Optional<Provider> provider) {
    DkimKeys keys = DkimKeys.read(routes, provider).orThrow();
    for (RouteSettings route : routes) {
      DkimSigner signer = Objects.requireNonNull(keys.signers().get(route.id()));
      perSecond(signer, WARM_UP);
      System.out.printf(
          "%-40s %-8s %,10.0f messages/s%n", who, route.id(), perSecond(signer, MEASURED));
    }
  }

  private static double perSecond(DkimSigner signer, Duration duration) {
    byte[] message =
        ("From: Shop <shop@example.com>\r\nTo: ann@example.net\r\nSubject: Your order\r\n"
                + "Date: Tue, 24 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@example.com>\r\n"
                + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n"
                + "Thank you for your order, it is on its way to you.\r\n".repeat(73))
            .getBytes(StandardCharsets.US_ASCII);
    long start = CPU.getCurrentThreadCpuTime();
    long signed = 0;
    try {
      while (CPU.getCurrentThreadCpuTime() - start < duration.toNanos()) {
        for (int i = 0; i < BATCH; i++) {
          signed += signer.sign(message, SUBMITTED).isPresent() ? 1 : 0;
        }
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    return signed * 1e9 / (CPU.getCurrentThreadCpuTime() - start);
  }

  private static RouteSettings route(String id, Path... files) {
    List<DkimKeySettings> keys =
        Stream.of(files)
            .map(file ->
                new DkimKeySettings(
                    "example.com", file.getFileName().toString().replace(".pem", ""), file))
            .toList();
    return new RouteSettings(id, "a", List.of(), Retry.DEFAULT).withDkim(keys);
  }

  private static void key(Path file, String algorithm, int bits) throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(bits);
      String base64 =
          Base64.getMimeEncoder()
              .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
      Files.writeString(
          file, "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }
}
