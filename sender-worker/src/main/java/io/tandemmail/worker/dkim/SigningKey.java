package io.tandemmail.worker.dkim;

import io.tandemmail.worker.dkim.canonical.SignatureField.Signer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A key that signs, for any number of threads. Prepared {@code Signature}s are kept between messages, no more than there are
 * processors: there are thousands of virtual threads, and no more than that can compute at once. No record: its text would
 * hold the key.
 */
final class SigningKey {
  private static final byte[] PROBE = "tandem".getBytes(StandardCharsets.US_ASCII);

  private final Signer signer;
  private final KeyPair pair;
  private final @Nullable Provider provider;
  private final BlockingQueue<Signature> idle =
      new ArrayBlockingQueue<>(Runtime.getRuntime().availableProcessors());

  private SigningKey(Signer signer, KeyPair pair, @Nullable Provider provider) {
    this.signer = signer;
    this.pair = pair;
    this.provider = provider;
  }

  /**
   * @param fast taken only if what it signs with this key verifies without it
   */
  static SigningKey of(Signer signer, KeyPair pair, Optional<Provider> fast) {
    if (fast.isPresent()) {
      SigningKey quick = new SigningKey(signer, pair, fast.get());
      if (quick.works()) {
        return quick;
      }
    }
    SigningKey plain = new SigningKey(signer, pair, null);
    if (!plain.works()) {
      throw new IllegalStateException(
          "this JDK cannot sign with " + signer.algorithm().jdkName() + "; use another");
    }
    return plain;
  }

  Signer signer() {
    return signer;
  }

  PublicKey publicKey() {
    return pair.getPublic();
  }

  /** Who computes; for the log. */
  String computedBy() {
    return provider == null ? "the JDK" : provider.getName() + " " + provider.getVersionStr();
  }

  /** The signature over the pieces, one after the other. */
  byte[] sign(byte[]... pieces) throws GeneralSecurityException {
    Signature kept = idle.poll();
    Signature signature = kept == null ? prepared() : kept;
    byte[] signed;
    try {
      feed(signature, pieces);
      signed = signature.sign();
    } catch (ProviderException e) {
      throw new GeneralSecurityException(computedBy() + " failed: " + e.getMessage(), e);
    }
    idle.offer(signature);
    return signed;
  }

  private Signature prepared() throws GeneralSecurityException {
    String name = signer.algorithm().jdkName();
    Signature signature =
        provider == null ? Signature.getInstance(name) : Signature.getInstance(name, provider);
    signature.initSign(pair.getPrivate());
    return signature;
  }

  /** RFC 8463 section 3: Ed25519 signs the SHA-256 of what RSA takes as it is. */
  private void feed(Signature signature, byte[]... pieces) throws GeneralSecurityException {
    switch (signer.algorithm()) {
      case RSA_SHA256 -> {
        for (byte[] piece : pieces) {
          signature.update(piece);
        }
      }
      case ED25519_SHA256 -> {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (byte[] piece : pieces) {
          digest.update(piece);
        }
        signature.update(digest.digest());
      }
    }
  }

  private boolean works() {
    try {
      Signature verifier = Signature.getInstance(signer.algorithm().jdkName());
      verifier.initVerify(pair.getPublic());
      feed(verifier, PROBE);
      return verifier.verify(sign(PROBE));
    } catch (GeneralSecurityException | RuntimeException | LinkageError broken) {
      return false;
    }
  }
}
