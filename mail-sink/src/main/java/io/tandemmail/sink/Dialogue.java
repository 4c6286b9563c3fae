package io.tandemmail.sink;

import io.tandemmail.sink.Behaviour.Stage;
import io.tandemmail.sink.SinkConfig.Extension;
import io.tandemmail.sink.wire.DsnRequest;
import io.tandemmail.sink.wire.Mechanism;
import io.tandemmail.smtp.server.ChunkArgument;
import io.tandemmail.smtp.server.Limits;
import io.tandemmail.smtp.server.PathArgument;
import io.tandemmail.smtp.server.SmtpCommand;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the sink says (RFC 5321), and what it does wrong where it was asked to.
 *
 * <p>Lenient where a real server may be (no EHLO is needed before MAIL), strict where a client must be caught: a parameter
 * that was not offered, a command out of order, content over the size.
 */
final class Dialogue {
  private static final Logger LOG = LoggerFactory.getLogger(Dialogue.class);
  private static final Pattern ENHANCED_CODE = Pattern.compile("^(\\d{3}[ -])\\d\\.\\d+\\.\\d+ ");

  private final MailSink sink;
  private final SinkConfig.Protocol protocol;
  private final SinkConnection connection;
  private final Offer offer;
  private final Misbehaviour misbehaviour;
  private @Nullable Transaction transaction;
  private Offer.Channel channel = Offer.Channel.CLEAR;
  private String client = "";
  private int mails;
  private boolean loggedIn;

  Dialogue(MailSink sink, SinkConnection connection) {
    this.sink = sink;
    this.protocol = sink.config().protocol();
    this.connection = connection;
    this.offer = new Offer(protocol);
    this.misbehaviour = new Misbehaviour(sink, connection);
  }

  /** Until QUIT; every other end is an exception. */
  void converse() throws IOException {
    answer(Stage.GREETING, List.of(), "220 " + sink.name() + " ESMTP");
    while (true) {
      SmtpCommand command = SmtpCommand.parse(connection.line());
      switch (command.verb()) {
        case "EHLO" -> {
          client = command.argument();
          ehlo();
        }
        case "HELO" -> {
          client = command.argument();
          reset();
          answer(Stage.EHLO, List.of(), "250 " + sink.name());
        }
        case "MAIL" -> mail(command.argument());
        case "RCPT" -> rcpt(command.argument());
        case "DATA" -> data();
        case "BDAT" -> chunk(command.argument());
        case "RSET" -> {
          reset();
          say("250 2.0.0 reset");
        }
        case "NOOP" -> say("250 2.0.0 ok");
        case "VRFY" -> say("252 2.5.0 send and see");
        case "STARTTLS" -> startTls();
        case "AUTH" -> auth(command.argument());
        case "QUIT" -> {
          sink.leaving(connection);
          say("221 2.0.0 bye");
          connection.flush();
          return;
        }
        default -> say("500 5.5.2 unknown command");
      }
    }
  }

  private void ehlo() throws IOException {
    reset();
    List<String> keywords = offer.keywords(channel);
    StringBuilder text =
        new StringBuilder("250").append(keywords.isEmpty() ? ' ' : '-').append(sink.name());
    for (int i = 0; i < keywords.size(); i++) {
      text.append("\r\n250").append(i < keywords.size() - 1 ? '-' : ' ').append(keywords.get(i));
    }
    answer(Stage.EHLO, List.of(), text.toString());
  }

  private void mail(String argument) throws IOException {
    mails++;
    Optional<PathArgument> path = PathArgument.parse("FROM", argument);
    if (transaction != null) {
      say("503 5.5.1 a transaction is open");
    } else if (protocol.limits().exceeded(Limits.MAIL, mails)) {
      say("421 4.5.3 no more messages on this connection");
      throw connection.hangup();
    } else if (protocol.login().isPresent() && !loggedIn) {
      say("530 5.7.0 authentication required");
    } else if (path.isEmpty()) {
      say("501 5.5.4 MAIL FROM:<address>");
    } else {
      Optional<String> objection = offer.toMail(path.get());
      Optional<DsnRequest> dsn = DsnRequest.of(path.get().parameters());
      if (objection.isPresent()) {
        say(objection.get());
      } else if (dsn.isEmpty()) {
        say("501 5.5.4 RET=FULL|HDRS ENVID=xtext");
      } else if (answer(Stage.MAIL, List.of(), "250 2.1.0 ok")) {
        transaction = new Transaction(client, path.get().address(), dsn.get());
        sink.transactionBegun(connection);
      }
    }
  }

  private void rcpt(String argument) throws IOException {
    Transaction current = transaction;
    Optional<PathArgument> path = PathArgument.parse("TO", argument);
    if (current == null) {
      say("503 5.5.1 MAIL first");
    } else if (current.hasChunks()) {
      say("503 5.5.1 the content has begun");
    } else if (path.isEmpty() || path.get().address().isEmpty()) {
      say("501 5.5.4 RCPT TO:<address>");
    } else {
      Optional<String> objection = offer.toRcpt(path.get());
      Optional<DsnRequest.Recipient> notice = DsnRequest.Recipient.of(path.get().parameters());
      if (!current.within(protocol.limits(), path.get().address())) {
        say("452 4.5.3 that is more than the limits allow");
      } else if (objection.isPresent()) {
        say(objection.get());
      } else if (notice.isEmpty()) {
        say("501 5.5.4 NOTIFY=NEVER|SUCCESS,FAILURE,DELAY ORCPT=type;xtext");
      } else {
        recipient(current, path.get().address(), notice.get());
      }
    }
  }

  private void recipient(Transaction current, String address, DsnRequest.Recipient notice)
      throws IOException {
    Behaviour own = Behaviour.ofRecipient(address);
    Behaviour here = own.stage() == Stage.RCPT ? own : sink.behaviour();
    Behaviour meant =
        switch (here) {
          case Behaviour.Greylist first when sink.firstTime(address) ->
              new Behaviour.Reply(Stage.RCPT, 450);
          case Behaviour.RefuseAfter(int code, int count) when current.recipients() >= count ->
              new Behaviour.Reply(Stage.RCPT, code);
          default -> here;
        };
    if (answer(Stage.RCPT, List.of(meant), "250 2.1.5 ok")) {
      current.add(address, notice, own);
    }
  }

  private void data() throws IOException {
    Transaction current = transaction;
    if (current == null) {
      say("503 5.5.1 MAIL first");
    } else if (current.hasChunks()) {
      say("503 5.5.1 no DATA after BDAT");
    } else if (current.recipients() == 0) {
      say("554 5.5.1 no valid recipients");
    } else {
      if (answer(Stage.DATA, current.asked(), "354 go ahead")) {
        connection.awaitContent();
        misbehaviour.instead(Stage.CONTENT, current.asked());
        Optional<byte[]> content = connection.content(protocol.sizeMax());
        if (content.isEmpty()) {
          say(offer.tooLong());
        } else {
          take(current.of(content.get(), Instant.now()), current.asked());
        }
      }
      reset();
    }
  }

  /**
   * A chunk of content (RFC 3030 section 2). Whatever its reply will be, its bytes are read first: left where they are they
   * would be the next commands. So a size that cannot be read ends the connection.
   */
  private void chunk(String argument) throws IOException {
    if (!offer.offers(Extension.CHUNKING)) {
      say("502 5.5.1 BDAT was not offered");
      return;
    }
    Optional<ChunkArgument> parsed = ChunkArgument.parse(argument);
    if (parsed.isEmpty()) {
      say("501 5.5.4 BDAT size [LAST]");
      throw connection.hangup();
    }
    ChunkArgument chunk = parsed.get();
    Transaction current = transaction;
    if (current == null) {
      skip(chunk, "503 5.5.1 MAIL first");
    } else if (current.recipients() == 0) {
      skip(chunk, "554 5.5.1 no valid recipients");
    } else if (chunk.end() == ChunkArgument.End.UNKNOWN) {
      skip(chunk, "501 5.5.4 BDAT size [LAST]");
    } else if (current.size() + chunk.size() > protocol.sizeMax()) {
      skip(chunk, offer.tooLong());
    } else {
      chunk(current, chunk);
    }
  }

  /** The transaction has failed with this chunk; those behind it find none. */
  private void skip(ChunkArgument chunk, String why) throws IOException {
    connection.skip(chunk.size());
    reset();
    say(why);
  }

  private void chunk(Transaction current, ChunkArgument chunk) throws IOException {
    boolean first = !current.hasChunks();
    if (first && chunk.size() > 0) {
      connection.awaitContent();
      misbehaviour.instead(Stage.CONTENT, current.asked());
    }
    current.add(connection.chunk((int) chunk.size()));
    int code = first ? misbehaviour.instead(Stage.DATA, current.asked()) : 0;
    if (code >= 400) {
      reset();
      refuse(code);
    } else if (chunk.end() == ChunkArgument.End.LAST) {
      take(current.ofChunks(Instant.now()), current.asked());
      reset();
    } else {
      say("250 2.0.0 " + chunk.size() + " bytes");
      if (first) {
        misbehaviour.afterwards(Stage.DATA, current.asked());
      }
    }
  }

  /** The content has ended, with a dot or the last chunk. */
  private void take(ReceivedMessage message, List<Behaviour> asked) throws IOException {
    int code = misbehaviour.instead(Stage.DOT, asked);
    if (code >= 400) {
      refuse(code);
      return;
    }
    connection.answering();
    try {
      sink.take(message);
    } catch (IOException e) {
      LOG.error(
          "sink {} cannot record a message, so it refuses it: {}", sink.name(), e.getMessage());
      say("452 4.3.1 cannot record");
      return;
    }
    misbehaviour.afterwards(Stage.DOT, asked);
    say(code == 0 ? "250 2.0.0 taken" : code + " 2.0.0 as asked");
  }

  private void startTls() throws IOException {
    if (protocol.tls().isEmpty()) {
      say("502 5.5.1 no TLS here");
    } else if (channel == Offer.Channel.TLS) {
      say("503 5.5.1 TLS is on");
    } else {
      say("220 2.0.0 go ahead");
      connection.startTls(protocol.tls().get());
      channel = Offer.Channel.TLS;
      loggedIn = false;
      reset();
    }
  }

  private void auth(String argument) throws IOException {
    SmtpCommand said = SmtpCommand.parse(argument);
    Optional<Mechanism> mechanism =
        Mechanism.of(said.verb()).filter(protocol.mechanisms()::contains);
    if (protocol.login().isEmpty()) {
      say("502 5.5.1 no AUTH here");
    } else if (loggedIn || transaction != null) {
      say("503 5.5.1 no AUTH now");
    } else if (mechanism.isEmpty()) {
      say("504 5.5.4 that mechanism was not offered");
    } else {
      String challenge = "<" + UUID.randomUUID() + "@" + sink.name() + ">";
      Mechanism.Verdict verdict =
          mechanism.get().check(protocol.login().get(), said.argument(), challenge, this::ask);
      loggedIn = verdict == Mechanism.Verdict.WELCOME;
      say(
          switch (verdict) {
            case WELCOME -> "235 2.7.0 welcome";
            case REFUSED -> "535 5.7.8 not with these credentials";
            case CANCELLED -> "501 5.7.0 cancelled";
          });
    }
  }

  private String ask(String challenge) throws IOException {
    say("334 " + challenge);
    return connection.line();
  }

  private void reset() {
    transaction = null;
  }

  /** Replies as ever, or as asked; true when the client may go on. */
  private boolean answer(Stage stage, List<Behaviour> own, String normally) throws IOException {
    int code = misbehaviour.instead(stage, own);
    if (code >= 400) {
      refuse(code);
      return false;
    }
    say(code == 0 ? normally : code + " 2.0.0 as asked");
    misbehaviour.afterwards(stage, own);
    return code == 0 || stage != Stage.DATA;
  }

  private void refuse(int code) throws IOException {
    say(code + " " + code / 100 + ".0.0 as asked");
    if (code == 421) {
      throw connection.hangup();
    }
  }

  private void say(String text) {
    if (text.charAt(0) == '4' || text.charAt(0) == '5') {
      sink.refused();
    }
    boolean enhanced = offer.offers(Extension.ENHANCED_STATUS_CODES);
    connection.reply(enhanced ? text : ENHANCED_CODE.matcher(text).replaceFirst("$1"));
  }
}
