package io.tandemmail.worker.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.settings.DkimKeySettings;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DkimSignerTest {
  private static final Instant SUBMITTED = Instant.parse("2026-11-24T10:00:00.789Z");
  private static final String MESSAGE =
      "From: Shop <shop@example.com>\nTo: ann@example.net\nSubject: Your order\n\nThank  you. \n\n";
  private static final Map<String, PublicKey> PUBLISHED =
      Map.of("rsa", TestKeys.rsa().getPublic(), "ed", TestKeys.ed25519().getPublic());

  @TempDir Path folder;
  private DkimSigner signer;

  @BeforeEach
  void keys() {
    signer = TestKeys.both(folder).orThrow().signers().get("default");
  }

  @Test
  void bothKeysSignTheSameMessage() throws Exception {
    byte[] signed = signed(MESSAGE);

    assertThat(holding(signed)).containsExactly("rsa", "ed");
    assertThat(text(signed))
        .startsWith(
            "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=rsa;\r\n"
                + " t=1795514400; h=From:From:Subject:Subject:To:To;\r\n bh=")
        .contains(
            "\r\nDKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=example.com;\r\n s=ed;")
        .endsWith(MESSAGE.replace("\n", "\r\n"));
  }

  @Test
  void everyAttemptHasTheSameSignaturesWhoeverComputesThem() throws Exception {
    DkimSigner withoutFast =
        DkimKeys.read(
                List.of(
                    TestKeys.route(
                        "default",
                        new DkimKeySettings("example.com", "rsa", folder.resolve("rsa.pem")),
                        new DkimKeySettings("example.com", "ed", folder.resolve("ed.pem")))),
                Optional.empty())
            .signers()
            .get("default");

    assertThat(signed(MESSAGE)).isEqualTo(signed(MESSAGE));
    assertThat(withoutFast.sign(bytes(MESSAGE), SUBMITTED))
        .contains(signer.sign(bytes(MESSAGE), SUBMITTED).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "From: a@example.com",
        "From: a@example.com\n",
        "From: a@example.com\n\n",
        "From: a@example.com\n\n\n\n",
        "From: a@example.com\n\nno line end",
        "From: a@example.com\n\nblanks \t \n \n\t\n",
        "From: a@example.com\nno colon\n\nbody\n",
        "no colon\nFrom: a@example.com\n\nbody\n",
        "fRoM \t:\n a@example.com\nSubject:\n\n.\n..\n"
      })
  void oddMessagesAreSignedAndHold(String message) throws Exception {
    assertThat(holding(signed(message))).containsExactly("rsa", "ed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Thank  you.=Thank you!",
        "Your order=Your debt",
        "Subject: Your order\n=",
        "To: ann@example.net\n=To: ann@example.net\nTo: bob@example.net\n",
        "Subject: Your order\n=Subject: Your order\nSubject: Won!\n",
        "From: Shop=From: evil@example.com\nFrom: Shop"
      })
  void whatWasSignedCannotBeAltered(String change) throws Exception {
    String[] parts = change.replace("\n", "\r\n").split("=", -1);
    String altered = text(signed(MESSAGE)).replace(parts[0], parts[1]);

    assertThat(altered).isNotEqualTo(text(signed(MESSAGE)));
    assertThat(holding(altered.getBytes(StandardCharsets.ISO_8859_1))).isEmpty();
  }

  @Test
  void blanksAndFoldingMayChangeOnTheWay() throws Exception {
    String relayed =
        text(signed(MESSAGE))
            .replace("Subject: Your order", "subject:Your\r\n\torder ")
            .replace("Thank  you. \r\n\r\n", "Thank you.\r\n")
            .replace("From: Shop", "Received: by relay\r\nFrom:  Shop");

    assertThat(holding(relayed.getBytes(StandardCharsets.ISO_8859_1))).containsExactly("rsa", "ed");
  }

  @Test
  void theKeysOfTheDomainAndItsParentsSignAndNoOthers() throws Exception {
    Path rsa = folder.resolve("rsa.pem");
    DkimSigner several =
        TestKeys.keys(
                new DkimKeySettings("example.com", "parent", rsa),
                new DkimKeySettings("mail.example.com", "exact", rsa),
                new DkimKeySettings("other.example.com", "sibling", rsa),
                new DkimKeySettings("ample.com", "suffix", rsa))
            .signers()
            .get("default");

    assertThat(selectors(several, "a@mail.example.com")).containsExactly("exact", "parent");
    assertThat(selectors(several, "a@x.mail.EXAMPLE.com")).containsExactly("exact", "parent");
    assertThat(selectors(several, "a@example.com")).containsExactly("parent");
    assertThat(selectors(several, "a@notexample.com")).isEmpty();
    assertThat(selectors(several, "a@com")).isEmpty();
    assertThat(selectors(several, "a@example.com.")).isEmpty();
  }

  @Test
  void anyMessageSignedHolds() throws Exception {
    long seed = 424_242;
    Random random = new Random(seed);
    String[] pieces = {
      "\n", "\n\n", " ", "\t", "x", "Subject: y\n", "To: z\n", "\n ", ":", ".", "é"
    };
    for (int i = 0; i < 300; i++) {
      StringBuilder message = new StringBuilder("From: a@example.com\n");
      for (int piece = random.nextInt(30); piece > 0; piece--) {
        message.append(pieces[random.nextInt(pieces.length)]);
      }
      if (message.indexOf("From: a@example.com\n ") == 0
          || message.indexOf("From: a@example.com\n\t") == 0) {
        continue;
      }
      assertThat(holding(signed(message.toString())))
          .as("seed %d, round %d", seed, i)
          .containsExactly("rsa", "ed");
    }
  }

  @Test
  void manyThreadsSignWithTheSameKeys() throws Exception {
    byte[] expected = signer.sign(bytes(MESSAGE), SUBMITTED).orElseThrow();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Optional<byte[]>>> signatures = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        signatures.add(threads.submit(() -> signer.sign(bytes(MESSAGE), SUBMITTED)));
      }
      for (Future<Optional<byte[]>> signature : signatures) {
        assertThat(signature.get()).contains(expected);
      }
    }
  }

  @Test
  void aFastProviderThatDoesNotWorkIsNotUsed() {
    DkimKeys keys =
        DkimKeys.read(
            List.of(
                TestKeys.route(
                    "default",
                    new DkimKeySettings("example.com", "rsa", folder.resolve("rsa.pem")))),
            Optional.of(new EmptyProvider()));

    assertThat(keys.summary())
        .containsExactly(
            "route default signs for example.com with rsa-sha256, selector rsa, computed by the JDK");
  }

  @Test
  void theFastProviderIsUsedWhereItsNativeCodeFits() {
    boolean fits =
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64");

    assertThat(TestKeys.both(folder).summary())
        .hasSize(2)
        .allMatch(line -> line.contains("AmazonCorrettoCryptoProvider") == fits);
  }

  /** As one whose native code could not be loaded. */
  private static final class EmptyProvider extends Provider {
    private static final long serialVersionUID = 1;

    EmptyProvider() {
      super("Empty", "1", "offers nothing");
    }
  }

  private static List<String> selectors(DkimSigner signer, String from) throws Exception {
    Optional<byte[]> prefix = signer.sign(bytes("From: " + from + "\n\nx\n"), SUBMITTED);
    List<String> selectors = new ArrayList<>();
    text(prefix.orElse(new byte[0]))
        .replaceAll("\\s", "")
        .transform(fields -> Pattern.compile(";s=(\\w+);").matcher(fields))
        .results()
        .forEach(match -> selectors.add(match.group(1)));
    return Collections.unmodifiableList(selectors);
  }

  private byte[] signed(String message) throws GeneralSecurityException {
    byte[] bytes = bytes(message);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(signer.sign(bytes, SUBMITTED).orElseThrow());
    whole.writeBytes(bytes);
    return whole.toByteArray();
  }

  private static List<String> holding(byte[] signed) throws GeneralSecurityException {
    return VerifiedSignatures.of(signed, PUBLISHED);
  }

  private static byte[] bytes(String message) {
    return message.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
