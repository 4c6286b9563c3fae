package io.tandemmail.sink;

import io.tandemmail.sink.wire.Mechanism;
import io.tandemmail.smtp.server.Credentials;
import io.tandemmail.smtp.server.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Where a sink listens, what it does with what it takes and what it offers.
 *
 * @param port 0: any free one
 */
public record SinkConfig(
    String name, String address, int port, Recording recording, Protocol protocol) {

  /**
   * @param log a JSON line per accepted message, written before the reply
   * @param fsync wait until the line is on the disk
   * @param keep remember what was received, for tests
   * @param listener told of each message after it is recorded and before it is answered; must be quick
   */
  public record Recording(
      Optional<Path> log, boolean fsync, boolean keep, Consumer<ReceivedMessage> listener) {
    static final Recording NONE = new Recording(Optional.empty(), false, false, message -> {});
  }

  /**
   * @param offered in the reply to EHLO
   * @param sizeMax bytes of content, more is refused with 552
   * @param tls offers STARTTLS
   * @param login offers AUTH, and takes no mail without it
   * @param mechanisms of AUTH
   */
  public record Protocol(
      Set<Extension> offered,
      int sizeMax,
      Optional<SSLContext> tls,
      Optional<Credentials> login,
      Set<Mechanism> mechanisms,
      Limits limits) {
    static final Protocol FULL =
        new Protocol(
            EnumSet.allOf(Extension.class),
            50 << 20,
            Optional.empty(),
            Optional.empty(),
            EnumSet.allOf(Mechanism.class),
            Limits.NONE);

    public Protocol {
      offered = Set.copyOf(offered);
      mechanisms = Set.copyOf(mechanisms);
    }

    private Protocol offering(Set<Extension> others) {
      return new Protocol(others, sizeMax, tls, login, mechanisms, limits);
    }

    private Protocol takingAtMost(int size) {
      return new Protocol(offered, size, tls, login, mechanisms, limits);
    }

    private Protocol secured(SSLContext context) {
      return new Protocol(offered, sizeMax, Optional.of(context), login, mechanisms, limits);
    }

    private Protocol requiring(Credentials credentials) {
      return new Protocol(offered, sizeMax, tls, Optional.of(credentials), mechanisms, limits);
    }

    private Protocol authenticating(Set<Mechanism> by) {
      return new Protocol(offered, sizeMax, tls, login, by, limits);
    }

    private Protocol limited(Limits others) {
      return new Protocol(offered, sizeMax, tls, login, mechanisms, others);
    }
  }

  /** Of the EHLO reply; each can be switched off. */
  public enum Extension {
    PIPELINING("PIPELINING"),
    EIGHT_BIT_MIME("8BITMIME"),
    SIZE("SIZE"),
    SMTPUTF8("SMTPUTF8"),
    ENHANCED_STATUS_CODES("ENHANCEDSTATUSCODES"),
    DSN("DSN"),
    CHUNKING("CHUNKING");

    private final String keyword;

    Extension(String keyword) {
      this.keyword = keyword;
    }

    public String keyword() {
      return keyword;
    }
  }

  /** A sink with a log file and full protocol, or without PIPELINING. */
  public SinkConfig(
      String name, String address, int port, Optional<Path> log, boolean keep, boolean pipelining) {
    this(
        name,
        address,
        port,
        new Recording(log, false, keep, message -> {}),
        pipelining ? Protocol.FULL : without(Protocol.FULL, Extension.PIPELINING));
  }

  public static SinkConfig named(String name) {
    return new SinkConfig(name, "127.0.0.1", 0, Recording.NONE, Protocol.FULL);
  }

  public SinkConfig renamed(String other) {
    return new SinkConfig(other, address, port, recording, protocol);
  }

  public SinkConfig onPort(int other) {
    return new SinkConfig(name, address, other, recording, protocol);
  }

  public SinkConfig at(String other) {
    return new SinkConfig(name, other, port, recording, protocol);
  }

  public SinkConfig loggingTo(Path file) {
    return recording(
        new Recording(Optional.of(file), recording.fsync, recording.keep, recording.listener));
  }

  /** Each line of the log is on the disk before the reply. */
  public SinkConfig syncing() {
    return recording(new Recording(recording.log, true, recording.keep, recording.listener));
  }

  public SinkConfig keeping() {
    return recording(new Recording(recording.log, recording.fsync, true, recording.listener));
  }

  public SinkConfig telling(Consumer<ReceivedMessage> listener) {
    return recording(new Recording(recording.log, recording.fsync, recording.keep, listener));
  }

  public SinkConfig withoutPipelining() {
    return without(Extension.PIPELINING);
  }

  public SinkConfig without(Extension extension) {
    return protocol(without(protocol, extension));
  }

  /** Bytes of content that are taken at most. */
  public SinkConfig takingAtMost(int size) {
    return protocol(protocol.takingAtMost(size));
  }

  public SinkConfig requiring(Credentials login) {
    return protocol(protocol.requiring(login));
  }

  /** The mechanisms to offer once there is a login; all of them unless this is said. */
  public SinkConfig authenticating(Set<Mechanism> by) {
    return protocol(protocol.authenticating(by));
  }

  /** Announced in the reply to EHLO, and held to. */
  public SinkConfig limited(Limits limits) {
    return protocol(protocol.limited(limits));
  }

  /**
   * Offers STARTTLS.
   *
   * @param keyStore PKCS#12 or JKS with the certificate
   */
  public SinkConfig withTls(Path keyStore, String password)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    try (InputStream in = Files.newInputStream(keyStore)) {
      store.load(in, password.toCharArray());
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return protocol(protocol.secured(context));
  }

  private SinkConfig recording(Recording other) {
    return new SinkConfig(name, address, port, other, protocol);
  }

  private SinkConfig protocol(Protocol other) {
    return new SinkConfig(name, address, port, recording, other);
  }

  private static Protocol without(Protocol protocol, Extension extension) {
    Set<Extension> fewer = EnumSet.allOf(Extension.class);
    fewer.retainAll(protocol.offered);
    fewer.remove(extension);
    return protocol.offering(fewer);
  }
}
