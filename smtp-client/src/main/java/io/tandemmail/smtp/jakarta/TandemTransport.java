package io.tandemmail.smtp.jakarta;

import io.tandemmail.smtp.ConnectResult;
import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.MailTransaction;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.RecipientResult;
import io.tandemmail.smtp.Reply;
import io.tandemmail.smtp.ServerEndpoint;
import io.tandemmail.smtp.SmtpSession;
import io.tandemmail.smtp.TransactionResult;
import io.tandemmail.smtp.engine.PipeliningSmtpTransport;
import io.tandemmail.smtp.protocol.Login;
import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.URLName;
import jakarta.mail.event.TransportEvent;
import jakarta.mail.internet.InternetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Delivers a Jakarta Mail message through the engine. Used by one thread at a time, as every {@code Transport}. */
public class TandemTransport extends Transport {
  /** 5yz at RCPT that say nothing of the mailbox: a full one (RFC 5321 section 4.5.3.1.10), and commands out of order. */
  private static final Set<Integer> NOT_THE_MAILBOX = Set.of(552, 503);

  private final PipeliningSmtpTransport engine = new PipeliningSmtpTransport();
  private final SessionProperties properties;
  private @Nullable ServerEndpoint endpoint;
  private @Nullable SmtpSession connection;

  /** Jakarta Mail calls it by reflection, with the protocol's name in the URL. */
  public TandemTransport(Session session, URLName name) {
    super(session, name);
    properties = new SessionProperties(session, name.getProtocol());
  }

  @Override
  protected boolean protocolConnect(
      @Nullable String host, int port, @Nullable String user, @Nullable String password)
      throws MessagingException {
    ServerEndpoint plain = properties.endpoint(host == null ? "localhost" : host, port);
    endpoint =
        user == null || password == null
            ? plain
            : plain.withLogin(() -> new Login(user, password, Optional.empty()));
    connection = open(endpoint);
    return true;
  }

  @Override
  public synchronized boolean isConnected() {
    SmtpSession current = connection;
    return super.isConnected() && current != null && current.usable();
  }

  /**
   * @throws SendFailedException when a recipient was refused; says who got it, who may later, and who never will
   * @throws InDoubtException when the server may or may not have it
   */
  @Override
  public void sendMessage(Message message, Address[] addresses) throws MessagingException {
    MailTransaction mail = transaction(message, addresses);
    TransactionResult result = usableConnection().deliver(mail, () -> true);
    if (!result.attempted()) {
      // The server had closed the idle connection; nothing was handed over.
      result = usableConnection().deliver(mail, () -> true);
    }
    tell(message, addresses, result);
  }

  @Override
  public synchronized void close() throws MessagingException {
    try {
      super.close();
    } finally {
      SmtpSession current = connection;
      connection = null;
      if (current != null) {
        current.close();
      }
      engine.close();
    }
  }

  private SmtpSession usableConnection() throws MessagingException {
    SmtpSession current = connection;
    ServerEndpoint target = endpoint;
    if (current == null || target == null) {
      throw new IllegalStateException("not connected");
    }
    if (!current.usable()) {
      current.close();
      current = open(target);
      connection = current;
    }
    return current;
  }

  private SmtpSession open(ServerEndpoint target) throws MessagingException {
    return switch (engine.connect(target)) {
      case ConnectResult.Connected connected -> connected.session();
      case ConnectResult.Refused refused -> {
        String said = refused.reply() + " at " + refused.phase().wireName();
        throw refused.phase() == Phase.AUTH
            ? new AuthenticationFailedException(said)
            : new MessagingException(said);
      }
      case ConnectResult.Unreachable unreachable ->
          throw new MessagingException(unreachable.fault().toString());
    };
  }

  private MailTransaction transaction(Message message, Address[] addresses)
      throws MessagingException {
    List<String> forwardPaths = new ArrayList<>();
    for (Address address : addresses) {
      if (!(address instanceof InternetAddress internet)) {
        throw new SendFailedException(address + " is not an internet address");
      }
      forwardPaths.add(internet.getAddress());
    }
    try {
      return new MailTransaction(
          reversePath(message), forwardPaths, ContentBytes.of(message), properties.dsn());
    } catch (IllegalArgumentException e) {
      throw new SendFailedException(
          e.getMessage(), null, new Address[0], new Address[0], addresses);
    }
  }

  private String reversePath(Message message) throws MessagingException {
    Optional<String> configured = properties.reversePath();
    if (configured.isPresent()) {
      return configured.get().equals("<>") ? "" : configured.get();
    }
    Address[] from = message.getFrom();
    Address first =
        from != null && from.length > 0 ? from[0] : InternetAddress.getLocalAddress(session);
    if (!(first instanceof InternetAddress internet)) {
      throw new SendFailedException("the message has no From, and mail.<protocol>.from is not set");
    }
    return internet.getAddress();
  }

  private void tell(Message message, Address[] addresses, TransactionResult result)
      throws MessagingException {
    List<Address> sent = new ArrayList<>();
    List<Address> unsent = new ArrayList<>();
    List<Address> invalid = new ArrayList<>();
    List<String> said = new ArrayList<>();
    for (int i = 0; i < addresses.length; i++) {
      switch (result.recipients().get(i)) {
        case RecipientResult.Answered(String to, Phase phase, Reply reply) -> {
          boolean delivered = phase == Phase.FINAL_DOT && reply.positive();
          boolean never =
              phase == Phase.RCPT
                  && reply.code() / 100 == 5
                  && !NOT_THE_MAILBOX.contains(reply.code());
          (delivered ? sent : never ? invalid : unsent).add(addresses[i]);
          if (!delivered) {
            said.add(reply + " at " + phase.wireName());
          }
        }
        case RecipientResult.Faulted(String to, Fault fault) -> {
          unsent.add(addresses[i]);
          said.add(fault.toString());
        }
        case RecipientResult.InDoubt(String to, Fault fault) ->
            throw new InDoubtException("the server may have the message: " + fault);
      }
    }
    Address[] delivered = sent.toArray(new Address[0]);
    Address[] waiting = unsent.toArray(new Address[0]);
    Address[] refused = invalid.toArray(new Address[0]);
    boolean all = sent.size() == addresses.length;
    int event =
        all
            ? TransportEvent.MESSAGE_DELIVERED
            : sent.isEmpty()
                ? TransportEvent.MESSAGE_NOT_DELIVERED
                : TransportEvent.MESSAGE_PARTIALLY_DELIVERED;
    notifyTransportListeners(event, delivered, waiting, refused, message);
    if (!all) {
      String why = String.join("; ", said.stream().distinct().toList());
      throw new SendFailedException(why, null, delivered, waiting, refused);
    }
  }
}
