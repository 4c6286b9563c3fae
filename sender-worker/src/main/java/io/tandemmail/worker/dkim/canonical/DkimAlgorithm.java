package io.tandemmail.worker.dkim.canonical;

/** The signing algorithms of today (RFC 8301, RFC 8463), with their names in DKIM and in the JDK. */
public enum DkimAlgorithm {
  RSA_SHA256("rsa-sha256", "rsa", "SHA256withRSA"),
  ED25519_SHA256("ed25519-sha256", "ed25519", "Ed25519");

  private final String tag;
  private final String keyType;
  private final String jdkName;

  DkimAlgorithm(String tag, String keyType, String jdkName) {
    this.tag = tag;
    this.keyType = keyType;
    this.jdkName = jdkName;
  }

  /** The a= tag of a signature. */
  public String tag() {
    return tag;
  }

  /** The k= tag of a key record. */
  public String keyType() {
    return keyType;
  }

  /** For {@code Signature.getInstance}. */
  public String jdkName() {
    return jdkName;
  }
}
