package io.tandemmail.worker.dkim;

import io.tandemmail.model.settings.DkimKeySettings;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.RouteSettings.Retry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Key files of all kinds, made anew for each run: none is kept beside the sources. */
public final class TestKeys {
  private static final KeyPair RSA = pair("RSA", 2048);
  private static final KeyPair ED25519 = pair("Ed25519", 255);

  /** Where PKCS#1 begins in the PKCS#8 of an RSA key of 2048 bits. */
  private static final int PKCS1_OFFSET = 26;

  private TestKeys() {}

  public static KeyPair rsa() {
    return RSA;
  }

  public static KeyPair ed25519() {
    return ED25519;
  }

  static KeyPair pair(String algorithm, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static String pkcs8(KeyPair pair) {
    return pem("PRIVATE KEY", pair.getPrivate().getEncoded());
  }

  /** As opendkim-genkey writes it. */
  static String pkcs1(KeyPair rsa2048) {
    byte[] pkcs8 = rsa2048.getPrivate().getEncoded();
    return pem("RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, PKCS1_OFFSET, pkcs8.length));
  }

  static String pem(String label, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(
            label,
            Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der),
            label);
  }

  static Path file(Path folder, String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A route with an RSA key {@code rsa} and an Ed25519 key {@code ed}, both of example.com. */
  public static DkimKeys both(Path folder) {
    return keys(
        new DkimKeySettings("example.com", "rsa", file(folder, "rsa.pem", pkcs8(RSA))),
        new DkimKeySettings("example.com", "ed", file(folder, "ed.pem", pkcs8(ED25519))));
  }

  static DkimKeys keys(DkimKeySettings... dkim) {
    return DkimKeys.read(List.of(route("default", dkim)), FastProvider.find());
  }

  static RouteSettings route(String id, DkimKeySettings... dkim) {
    return new RouteSettings(id, "a", List.of(), Retry.DEFAULT).withDkim(List.of(dkim));
  }
}
