package io.tandemmail.worker.dkim.canonical;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelaxedTest {
  /** What SubjectPublicKeyInfo puts before an Ed25519 key (RFC 8410). */
  private static final String ED25519_HEAD = "302a300506032b6570032100";

  @Test
  void theExampleOfRfc6376Section345() {
    byte[] message = bytes("A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n");

    assertThat(fields(message, List.of("A", "B"))).isEqualTo("a:X\r\nb:Y Z\r\n");
    assertThat(body(message)).isEqualTo(" C\r\nD E\r\n");
  }

  @Test
  void theExampleOfRfc8463VerifiesOverOurCanonicalForms() throws Exception {
    byte[] message = Rfc8463Message.crlf(Rfc8463Message.MESSAGE);
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    MessageFields fields = MessageFields.of(message);
    Relaxed.body(message, fields.bodyStart(), digest::update);
    assertThat(Base64.getEncoder().encodeToString(digest.digest()))
        .isEqualTo(Rfc8463Message.BODY_HASH);

    ByteArrayOutputStream signed = new ByteArrayOutputStream();
    List<String> names =
        List.of("from", "to", "subject", "date", "message-id", "from", "subject", "date");
    Relaxed.fields(fields, names, signed);
    byte[] field = Rfc8463Message.crlf(Rfc8463Message.SIGNATURE_FIELD);
    Relaxed.field("dkim-signature", field, "DKIM-Signature:".length(), field.length, signed);

    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(publicKey());
    verifier.update(digest.digest(signed.toByteArray()));
    assertThat(verifier.verify(Base64.getDecoder().decode(Rfc8463Message.SIGNATURE))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "'a', 'a|'",
    "'a|', 'a|'",
    "'a||||', 'a|'",
    "'a| ~|~~|', 'a|'",
    "'|||', ''",
    "'  ', ''",
    "'||a', '||a|'",
    "' |a', '|a|'",
    "'a~ b', 'a b|'",
    "'a~b', 'a b|'",
    "'~a ', ' a|'",
    "'a | ||b', 'a|||b|'"
  })
  void bodiesOfAllShapes(String body, String canonical) {
    byte[] message = bytes("X: y\r\n\r\n" + body.replace("|", "\r\n").replace('~', '\t'));

    assertThat(body(message)).isEqualTo(canonical.replace("|", "\r\n"));
  }

  @Test
  void fieldsAreTakenFromTheBottomAndMissingOnesAreNothing() {
    byte[] message = bytes("To: 1\r\nX: -\r\ntO :\t2\r\nTo:3\r\n\r\n");

    assertThat(fields(message, List.of("To", "to"))).isEqualTo("to:3\r\nto:2\r\n");
    assertThat(fields(message, List.of("to", "to", "to", "to", "cc")))
        .isEqualTo("to:3\r\nto:2\r\nto:1\r\n");
  }

  @Test
  void anyBodyIsCanonicalizedAsTheRuleIsWritten() {
    long seed = 20_261_124;
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      String body = randomText(random);
      byte[] message = bytes("From: a@example.com\r\n\r\n" + body);

      assertThat(body(message)).as("seed %d, round %d", seed, i).isEqualTo(byTheBook(body));
    }
  }

  @Test
  void foldingAndBlanksOfAFieldDoNotMatter() {
    long seed = 8_463;
    Random random = new Random(seed);
    String[] folds = {" ", "  ", "\t", "\r\n ", " \r\n\t ", "\r\n \r\n "};
    for (int i = 0; i < 2_000; i++) {
      StringBuilder value = new StringBuilder();
      StringBuilder plain = new StringBuilder();
      int words = 1 + random.nextInt(6);
      for (int word = 0; word < words; word++) {
        value.append(word == 0 ? "" : folds[random.nextInt(folds.length)]).append("w").append(word);
        plain.append(word == 0 ? "" : " ").append("w").append(word);
      }
      byte[] message = bytes("SuBject" + " ".repeat(random.nextInt(2)) + ":" + value + " \r\n\r\n");

      assertThat(fields(message, List.of("Subject")))
          .as("seed %d, round %d", seed, i)
          .isEqualTo("subject:" + plain + "\r\n");
    }
  }

  /** RFC 6376 section 3.4.4, step by step. */
  private static String byTheBook(String body) {
    String closed = body.isEmpty() || body.endsWith("\r\n") ? body : body + "\r\n";
    String trimmed = closed.replaceAll("[ \t]+\r\n", "\r\n").replaceAll("[ \t]+", " ");
    return trimmed.replaceAll("^(\r\n)+$", "").replaceAll("(\r\n)+$", "\r\n");
  }

  private static String randomText(Random random) {
    String[] pieces = {"\r\n", "\r\n", " ", "\t", "a", "bc", ".", "é", "\r\n\r\n", "   "};
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(24);
    for (int i = 0; i < length; i++) {
      text.append(pieces[random.nextInt(pieces.length)]);
    }
    return text.toString();
  }

  private static String body(byte[] message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Relaxed.body(message, MessageFields.of(message).bodyStart(), out::write);
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  private static String fields(byte[] message, List<String> names) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Relaxed.fields(MessageFields.of(message), names, out);
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static PublicKey publicKey() throws Exception {
    byte[] raw = Base64.getDecoder().decode(Rfc8463Message.PUBLIC_KEY);
    byte[] info = HexFormat.of().parseHex(ED25519_HEAD + HexFormat.of().formatHex(raw));
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(info));
  }
}
