package io.tandemmail.ingest.dialogue;

import io.tandemmail.ingest.dialogue.Parameters.Auth;
import io.tandemmail.ingest.dialogue.Rules.Peer;
import io.tandemmail.ingest.dialogue.Rules.Tls;
import io.tandemmail.ingest.dialogue.Transaction.Charset;
import io.tandemmail.model.address.EmailAddress;
import io.tandemmail.smtp.server.ChunkArgument;
import io.tandemmail.smtp.server.Content;
import io.tandemmail.smtp.server.Line;
import io.tandemmail.smtp.server.PathArgument;
import io.tandemmail.smtp.server.SmtpCommand;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One connection's dialogue. Call each method only when a {@link Step} asks for it, {@link #line} otherwise. */
public final class SubmissionDialogue {
  private static final int MISTAKES_MAX = 20;

  private final Rules rules;
  private final Offer offer;
  private Optional<Login> login;
  private boolean greeted;
  private @Nullable Transaction transaction;
  private boolean lastChunk;
  private int mistakes;

  public SubmissionDialogue(Rules rules, Peer peer) {
    this.rules = rules;
    this.offer = new Offer(rules, peer);
    this.login = rules.keys().map(Login::new);
  }

  public Reply greeting() {
    return Reply.of(220, rules.name() + " ESMTP Tandem");
  }

  /** Between two transactions: nothing is lost when it ends here. */
  public boolean isIdle() {
    return transaction == null;
  }

  public Step line(Line line) {
    String text = line.text();
    if (line.end() == Line.End.BARE_LF) {
      return Step.close(500, "5.5.2 the line ends with a bare LF; end it with CR LF");
    }
    if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f || c == 0xfffd)) {
      return mistake(500, "5.5.2 the line is not printable UTF-8");
    }
    if (login.filter(Login::isAwaiting).isPresent()) {
      return login.get().answer(text);
    }
    SmtpCommand command = SmtpCommand.parse(text);
    return switch (command.verb()) {
      case "EHLO" -> hello(command.argument(), offer::reply);
      case "HELO" -> hello(command.argument(), () -> Reply.of(250, rules.name()));
      case "MAIL" -> mail(command.argument());
      case "RCPT" -> rcpt(command.argument());
      case "DATA" -> data(command.argument());
      case "BDAT" -> bdat(command.argument());
      case "RSET" -> {
        transaction = null;
        yield Step.say(250, "2.0.0 reset");
      }
      case "NOOP" -> Step.say(250, "2.0.0 ok");
      case "VRFY" -> Step.say(252, "2.5.0 send and see what the outcome says");
      case "HELP" -> Step.say(214, "2.0.0 see docs/smtp-submission.md of Tandem");
      case "STARTTLS" -> startTls(command.argument());
      case "AUTH" -> auth(command.argument());
      case "QUIT" -> Step.close(221, "2.0.0 bye");
      case "EXPN", "TURN", "ETRN" -> mistake(502, "5.5.1 " + command.verb() + " is not offered");
      default -> mistake(500, "5.5.2 unknown command");
    };
  }

  /** RFC 3207 section 4.2: whatever was said before is forgotten. */
  public void secured() {
    offer.secured();
    greeted = false;
    transaction = null;
    login = rules.keys().map(Login::new);
  }

  public Step content(Content content) {
    Transaction ended = open();
    transaction = null;
    return switch (content) {
      case Content.Whole whole -> new Step.Deliver(ended.of(whole.bytes()));
      case Content.TooLong tooLong -> Parameters.tooLarge(rules.sizeMax());
      case Content.NoRoom none -> noRoom();
    };
  }

  public Step chunk(Content content) {
    Transaction current = open();
    if (!(content instanceof Content.Whole whole)) {
      transaction = null;
      return content instanceof Content.NoRoom ? noRoom() : Parameters.tooLarge(rules.sizeMax());
    }
    current.add(whole.bytes());
    if (!lastChunk) {
      return Step.say(250, "2.0.0 " + whole.bytes().length + " bytes");
    }
    transaction = null;
    return new Step.Deliver(current.ofChunks());
  }

  private Step hello(String name, Supplier<Reply> answer) {
    if (name.isBlank()) {
      return mistake(501, "5.5.4 name yourself: EHLO host.example.com");
    }
    greeted = true;
    transaction = null;
    return new Step.Say(answer.get());
  }

  private boolean maySubmit() {
    return login.map(Login::isDone).orElse(true);
  }

  private Step mail(String argument) {
    Optional<PathArgument> path = PathArgument.parse("FROM", argument);
    if (!greeted) {
      return mistake(503, "5.5.1 EHLO first");
    }
    if (transaction != null) {
      return mistake(503, "5.5.1 a transaction is open; end it or RSET");
    }
    if (!maySubmit() && rules.bounces().isEmpty()) {
      return keyNeeded();
    }
    Optional<Step> noDisk = rules.bounces().isPresent() ? Optional.empty() : noDisk();
    if (noDisk.isPresent()) {
      return noDisk.get();
    }
    if (path.isEmpty()) {
      return mistake(501, "5.5.4 write MAIL FROM:<address>");
    }
    Optional<Step> objection = Parameters.ofMail(path.get(), rules.sizeMax(), offer.auth());
    if (objection.isPresent()) {
      return objection.get();
    }
    Charset charset =
        path.get().parameters().containsKey("SMTPUTF8") ? Charset.UTF8 : Charset.ASCII;
    String address = path.get().address();
    Optional<Step> bad =
        address.isEmpty() ? Optional.empty() : badAddress("5.1.7", address, charset);
    if (bad.isPresent()) {
      return bad.get();
    }
    transaction = new Transaction(address, charset);
    return Step.say(250, "2.1.0 ok");
  }

  private Step rcpt(String argument) {
    Transaction current = transaction;
    if (current == null) {
      return mistake(503, "5.5.1 MAIL first");
    }
    if (current.hasChunks()) {
      return mistake(503, "5.5.1 the content has begun");
    }
    Optional<PathArgument> path = PathArgument.parse("TO", argument);
    if (path.isEmpty()) {
      return mistake(501, "5.5.4 write RCPT TO:<address>");
    }
    String address = path.get().address();
    Optional<Step> bad =
        Parameters.ofRcpt(path.get()).or(() -> badAddress("5.1.3", address, current.charset()));
    if (bad.isPresent()) {
      return bad.get();
    }
    boolean report = rules.bounces().filter(mailbox -> mailbox.takes(address)).isPresent();
    if (!report && !maySubmit()) {
      return keyNeeded();
    }
    Optional<Step> noDisk = report ? Optional.empty() : noDisk();
    if (noDisk.isPresent()) {
      return noDisk.get();
    }
    if (current.isReport() || report && current.recipients() > 0) {
      return Step.say(452, "4.5.3 the bounce mailbox takes a transaction with one recipient");
    }
    if (current.recipients() >= rules.recipientsMax()) {
      return Step.say(
          452, "4.5.3 at most " + rules.recipientsMax() + " recipients; send the rest afterwards");
    }
    if (report) {
      current.addReportMailbox(address);
    } else {
      current.add(address);
    }
    return Step.say(250, "2.1.5 ok");
  }

  private static Optional<Step> badAddress(String status, String address, Charset charset) {
    if (charset == Charset.ASCII && address.chars().anyMatch(c -> c > 0x7f)) {
      return Optional.of(Step.say(553, "5.6.7 the address needs the parameter SMTPUTF8 with MAIL"));
    }
    return EmailAddress.problem(address)
        .map(problem -> Step.say(553, status + " the address " + problem));
  }

  private Step data(String argument) {
    Transaction current = transaction;
    if (!argument.isEmpty()) {
      return mistake(501, "5.5.4 DATA has no argument");
    }
    if (current == null) {
      return mistake(503, "5.5.1 MAIL first");
    }
    if (current.hasChunks()) {
      return mistake(503, "5.5.1 no DATA after BDAT");
    }
    if (current.recipients() == 0) {
      return mistake(554, "5.5.1 no valid recipients");
    }
    return new Step.TakeContent(
        Reply.of(354, "end the content with a lone dot between CR LF"), rules.sizeMax());
  }

  /** RFC 3030 section 2. A size that cannot be read ends the connection: nobody knows where the next command begins. */
  private Step bdat(String argument) {
    Optional<ChunkArgument> parsed = ChunkArgument.parse(argument);
    if (parsed.isEmpty()) {
      return Step.close(501, "5.5.4 write BDAT size [LAST]");
    }
    ChunkArgument chunk = parsed.get();
    Transaction current = transaction;
    if (current == null) {
      return skip(chunk, 503, "5.5.1 MAIL first");
    }
    if (current.recipients() == 0) {
      return skip(chunk, 554, "5.5.1 no valid recipients");
    }
    if (chunk.end() == ChunkArgument.End.UNKNOWN) {
      return skip(chunk, 501, "5.5.4 write BDAT size [LAST]");
    }
    if (current.size() + chunk.size() > rules.sizeMax()) {
      transaction = null;
      return skip(
          chunk, 552, "5.3.4 the limit is " + rules.sizeMax() + " bytes (ingest.max-message-size)");
    }
    lastChunk = chunk.end() == ChunkArgument.End.LAST;
    int size = (int) chunk.size();
    return new Step.TakeChunk(size, lastChunk && current.hasChunks() ? current.size() + size : 0);
  }

  private static Step skip(ChunkArgument chunk, int code, String text) {
    return new Step.SkipChunk(chunk.size(), Reply.of(code, text));
  }

  private Step startTls(String argument) {
    if (!argument.isEmpty()) {
      return mistake(501, "5.5.4 STARTTLS has no argument");
    }
    if (rules.tls() == Tls.NONE) {
      return mistake(502, "5.5.1 STARTTLS is not offered: there is no certificate");
    }
    if (offer.isSecured()) {
      return mistake(503, "5.5.1 TLS is on already");
    }
    return new Step.SwitchToTls(Reply.of(220, "2.0.0 go ahead"));
  }

  private Step auth(String argument) {
    if (login.isEmpty()) {
      return mistake(502, "5.5.1 AUTH is not offered: there are no API keys");
    }
    if (offer.auth() == Auth.NONE) {
      return mistake(538, "5.7.11 STARTTLS first: keys are taken over TLS only");
    }
    if (!greeted || login.get().isDone() || transaction != null) {
      return mistake(503, "5.5.1 AUTH comes once, after EHLO and before MAIL");
    }
    return login.get().begin(argument);
  }

  private Step keyNeeded() {
    return Step.say(
        530,
        offer.auth() == Auth.OFFERED
            ? "5.7.0 authenticate first: AUTH PLAIN or LOGIN with an API key"
            : "5.7.0 STARTTLS first, then AUTH with an API key");
  }

  /** Reports are no new mail: they belong to what was taken. So a mailbox for them has MAIL wait for RCPT. */
  private Optional<Step> noDisk() {
    return rules.noDisk().get().map(why -> new Step.Say(ContentReplies.noDisk(why)));
  }

  private static Step noRoom() {
    return Step.say(452, "4.3.1 no memory for it beside the other mail; send it again in a second");
  }

  private Step mistake(int code, String text) {
    mistakes++;
    return mistakes > MISTAKES_MAX
        ? Step.close(421, "4.7.0 too many mistakes on this connection")
        : Step.say(code, text);
  }

  private Transaction open() {
    if (transaction == null) {
      throw new IllegalStateException("no transaction");
    }
    return transaction;
  }
}
