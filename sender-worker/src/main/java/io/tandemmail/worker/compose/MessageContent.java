package io.tandemmail.worker.compose;

import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.RouteSettings.OwedHeaders;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.worker.dkim.DkimSigner;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;

/**
 * What is handed to the server for a submission: composed when it is JSON, as it came when it is a message, signed when its
 * route signs. Signing comes last: whoever changes these bytes breaks the signature.
 */
public final class MessageContent {
  /** What became of a message on a route that signs. */
  public enum Signing {
    SIGNED,
    NO_KEY
  }

  /** Told of each message of a route that signs. */
  @FunctionalInterface
  public interface Watcher {
    void signing(String route, Signing result);
  }

  private final Map<String, RouteSettings> routes;
  private final Map<String, DkimSigner> signers;
  private final Watcher watcher;

  /**
   * @param routes what each adds to what it composes
   * @param signers by route; mail of other routes is not looked at
   */
  public MessageContent(
      Map<String, RouteSettings> routes, Map<String, DkimSigner> signers, Watcher watcher) {
    this.routes = Map.copyOf(routes);
    this.signers = Map.copyOf(signers);
    this.watcher = watcher;
  }

  /**
   * @param value the submission's bytes; may be returned as they are
   * @return lines ended by CR LF; the same bytes on every attempt
   */
  public byte[] of(MessageFacts facts, byte[] value) throws ComposeException {
    byte[] message =
        switch (facts.contentType()) {
          case RFC822 -> value;
          case JSON -> MimeComposer.compose(value, facts, owedHeaders(facts.route()));
        };
    DkimSigner signer = signers.get(facts.route());
    return signer == null ? message : signed(signer, facts, message);
  }

  private OwedHeaders owedHeaders(String route) {
    RouteSettings settings = routes.get(route);
    return settings == null ? OwedHeaders.NONE : settings.headers();
  }

  private byte[] signed(DkimSigner signer, MessageFacts facts, byte[] message)
      throws ComposeException {
    Optional<byte[]> prefix;
    try {
      prefix = signer.sign(message, facts.submittedAt());
    } catch (GeneralSecurityException e) {
      throw new ComposeException("cannot sign: " + e.getMessage(), e);
    }
    watcher.signing(facts.route(), prefix.isPresent() ? Signing.SIGNED : Signing.NO_KEY);
    return prefix.map(fields -> joined(fields, message)).orElse(message);
  }

  private static byte[] joined(byte[] prefix, byte[] message) {
    byte[] both = new byte[prefix.length + message.length];
    System.arraycopy(prefix, 0, both, 0, prefix.length);
    System.arraycopy(message, 0, both, prefix.length, message.length);
    return both;
  }
}
