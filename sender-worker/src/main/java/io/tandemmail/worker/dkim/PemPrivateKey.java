package io.tandemmail.worker.dkim;

import io.tandemmail.worker.dkim.canonical.DkimAlgorithm;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A private key as PEM (RFC 7468): PKCS#8 as openssl writes it, or PKCS#1 as opendkim-genkey does. The public half is derived,
 * so that the record to publish cannot be that of another key.
 */
final class PemPrivateKey {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
  private static final String PKCS8 = "PRIVATE KEY";
  private static final String PKCS1 = "RSA PRIVATE KEY";
  private static final String ED25519_PROVIDER = "SunEC";
  private static final int RSA_BITS_MIN = 2048;

  /** DER of {@code INTEGER 0, SEQUENCE { rsaEncryption, NULL }}: what PKCS#8 puts before a PKCS#1 key (RFC 5208). */
  private static final byte[] RSA_HEAD =
      HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

  private PemPrivateKey() {}

  /** Why a text is no usable key, and what to do. Never contains any of the text. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1;

    Unusable(String problem, String remedy) {
      super(problem + "; " + remedy);
    }
  }

  record Parsed(DkimAlgorithm algorithm, KeyPair pair) {}

  static Parsed parse(String pem) throws Unusable {
    String others = "";
    Matcher block = BLOCK.matcher(pem);
    while (block.find()) {
      String label = block.group(1);
      if (label.equals(PKCS8)) {
        return key(decoded(block.group(2)));
      }
      if (label.equals(PKCS1)) {
        return key(pkcs8(decoded(block.group(2))));
      }
      others = label;
    }
    if (pem.contains("ENCRYPTED")) {
      throw encrypted();
    }
    if (others.isEmpty()) {
      throw new Unusable("is not PEM", "give a file with -----BEGIN PRIVATE KEY-----");
    }
    throw new Unusable(
        "holds a " + others.toLowerCase(Locale.ROOT) + " and no RSA or Ed25519 private key",
        "give the private key as PEM (PKCS#8 or PKCS#1)");
  }

  private static byte[] decoded(String base64) throws Unusable {
    if (base64.contains("ENCRYPTED")) {
      throw encrypted();
    }
    try {
      return Base64.getMimeDecoder().decode(base64.strip());
    } catch (IllegalArgumentException notBase64) {
      throw damaged();
    }
  }

  private static Parsed key(byte[] pkcs8) throws Unusable {
    try {
      if (read("RSA", pkcs8) instanceof RSAPrivateCrtKey rsa) {
        return rsa(rsa);
      }
      if (read("Ed25519", pkcs8) instanceof EdECPrivateKey ed25519) {
        return ed25519(ed25519);
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has RSA and Ed25519", e);
    }
    throw damaged();
  }

  /** Null where the bytes are not a key of that kind. */
  private static @Nullable PrivateKey read(String kind, byte[] pkcs8)
      throws GeneralSecurityException {
    try {
      return KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (InvalidKeySpecException anotherKind) {
      return null;
    }
  }

  private static Parsed rsa(RSAPrivateCrtKey key) throws Unusable, GeneralSecurityException {
    int bits = key.getModulus().bitLength();
    if (bits < RSA_BITS_MIN) {
      throw new Unusable(
          "is an RSA key of " + bits + " bits, which receivers no longer trust",
          "make one of 2048 with openssl genrsa -out FILE 2048, and publish it under a new selector");
    }
    PublicKey open =
        KeyFactory.getInstance("RSA")
            .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
    return new Parsed(DkimAlgorithm.RSA_SHA256, new KeyPair(open, key));
  }

  private static Parsed ed25519(EdECPrivateKey key) throws Unusable, GeneralSecurityException {
    byte[] seed = key.getBytes().orElseThrow(PemPrivateKey::damaged);
    KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519", ED25519_PROVIDER);
    generator.initialize(NamedParameterSpec.ED25519, new Seed(seed));
    KeyPair pair = generator.generateKeyPair();
    boolean same =
        pair.getPrivate() instanceof EdECPrivateKey made
            && made.getBytes().filter(bytes -> MessageDigest.isEqual(bytes, seed)).isPresent();
    if (!same) {
      throw new IllegalStateException(
          ED25519_PROVIDER + " did not make the key from its seed; use another JDK");
    }
    return new Parsed(DkimAlgorithm.ED25519_SHA256, pair);
  }

  /** PKCS#1 in PKCS#8: a SEQUENCE of the head and an OCTET STRING. */
  private static byte[] pkcs8(byte[] pkcs1) {
    byte[] octets = der(0x04, pkcs1);
    byte[] content = Arrays.copyOf(RSA_HEAD, RSA_HEAD.length + octets.length);
    System.arraycopy(octets, 0, content, RSA_HEAD.length, octets.length);
    return der(0x30, content);
  }

  private static byte[] der(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 5);
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else {
      byte[] length = BigInteger.valueOf(content.length).toByteArray();
      int from = length[0] == 0 ? 1 : 0;
      out.write(0x80 | length.length - from);
      out.write(length, from, length.length - from);
    }
    out.write(content, 0, content.length);
    return out.toByteArray();
  }

  private static Unusable encrypted() {
    return new Unusable(
        "is encrypted", "decrypt it with openssl pkey -in FILE -out PLAIN and protect PLAIN");
  }

  private static Unusable damaged() {
    return new Unusable(
        "holds no RSA or Ed25519 private key, or a damaged one",
        "make one with openssl genpkey, see docs/dkim.md");
  }

  /**
   * The JDK makes a key pair from 32 random bytes (RFC 8032 section 5.1.5) and has no other call that tells the public half of
   * a private key; so it is given the seed for chance.
   */
  private static final class Seed extends SecureRandom {
    private static final long serialVersionUID = 1;
    private final transient byte[] seed;

    Seed(byte[] seed) {
      this.seed = seed.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }
}
