package io.tandemmail.simulation.mail;

import static java.util.Objects.requireNonNull;

import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.simulation.truth.Truth;
import io.tandemmail.simulation.world.Chance;
import io.tandemmail.simulation.world.World;
import io.tandemmail.smtp.EnhancedCode;
import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.RecipientResult;
import io.tandemmail.smtp.RecipientResult.Answered;
import io.tandemmail.smtp.RecipientResult.Faulted;
import io.tandemmail.smtp.RecipientResult.InDoubt;
import io.tandemmail.smtp.Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** One mail server. Recipients choose their own fate by their local part: {@code full}, {@code unknown}, {@code grey}. */
public final class ModelServer {
  private static final int GREYLISTED_TRIES = 2;
  private static final long PATIENCE_MILLIS = 4_000;
  private static final long PATIENCE_AFTER_DOT_MILLIS = 12_000;

  private final String id;
  private final int cap;
  private final World world;
  private final Chance chance;
  private final Set<Object> connections = new LinkedHashSet<>();
  private final Map<String, Integer> tries = new HashMap<>();
  private Mode mode = Mode.UP;
  private boolean roomAgain;

  public ModelServer(String id, World world) {
    this.id = id;
    this.cap = requireNonNull(world.settings().servers().get(id)).limits().maxConnections();
    this.world = world;
    this.chance = world.chance();
  }

  /** What became of a step, and how long the client waits to know. */
  public record Answer(List<RecipientResult> settled, List<String> accepted, long millis) {}

  public void mode(Mode next) {
    mode = next;
  }

  /** From now on every mailbox has room, so that all mail can end. */
  public void makeRoom() {
    roomAgain = true;
  }

  /** Empty when connected: else why not, and after how long the client knows. */
  public Optional<Long> refusesAfter() {
    return switch (mode) {
      case REFUSING -> Optional.of(1L);
      case SILENT -> Optional.of(PATIENCE_MILLIS);
      case CLOSING -> chance.oneIn(2) ? Optional.of(5L) : Optional.empty();
      case UP, SLOW, TRANSIENT -> Optional.empty();
    };
  }

  /**
   * I5: never more connections than the cap.
   *
   * @param counts false for connections of workers that the group has given up, and of those on their way out
   */
  public void connected(Object connection, Predicate<Object> counts) {
    connections.add(connection);
    long open = connections.stream().filter(counts).count();
    Truth.require(open <= cap, "I5", open + " connections to " + id + ", cap " + cap);
  }

  public void disconnected(Object connection) {
    connections.remove(connection);
  }

  /** MAIL, RCPT and DATA. */
  public Answer envelope(MessageFacts facts) {
    List<String> recipients = facts.envelope().forwardPaths();
    if (chance.oneIn(300)) {
      return all(recipients, it -> new Faulted(it, fault(Fault.Kind.RESET, Phase.RCPT)), 1);
    }
    return switch (mode) {
      case REFUSING ->
          all(recipients, it -> new Faulted(it, fault(Fault.Kind.RESET, Phase.MAIL)), 1);
      case SILENT ->
          all(
              recipients,
              it -> new Faulted(it, fault(Fault.Kind.REPLY_TIMEOUT, Phase.MAIL)),
              PATIENCE_MILLIS);
      case TRANSIENT -> all(recipients, it -> answered(it, Phase.MAIL, 451, 3, 0), 1);
      case CLOSING -> all(recipients, it -> answered(it, Phase.MAIL, 421, 3, 2), 1);
      case UP, SLOW -> recipients(recipients);
    };
  }

  private Answer recipients(List<String> recipients) {
    List<RecipientResult> settled = new ArrayList<>();
    List<String> accepted = new ArrayList<>();
    for (String recipient : recipients) {
      if (recipient.startsWith("unknown")) {
        settled.add(answered(recipient, Phase.RCPT, 550, 1, 1));
      } else if (recipient.startsWith("full") && !roomAgain) {
        settled.add(answered(recipient, Phase.RCPT, 452, 2, 2));
      } else if (recipient.startsWith("grey")
          && tries.merge(recipient, 1, Integer::sum) <= GREYLISTED_TRIES) {
        settled.add(answered(recipient, Phase.RCPT, 451, 7, 1));
      } else {
        accepted.add(recipient);
      }
    }
    return new Answer(settled, accepted, 1);
  }

  /** The final dot has arrived. The message is recorded before anything is said. */
  public Answer dot(String messageId, List<String> recipients) {
    return switch (mode) {
      case TRANSIENT, CLOSING -> all(recipients, it -> answered(it, Phase.FINAL_DOT, 451, 3, 0), 1);
      case REFUSING, SILENT -> {
        if (chance.oneIn(2)) {
          record(messageId, recipients);
        }
        long millis = mode == Mode.SILENT ? PATIENCE_AFTER_DOT_MILLIS : 1;
        yield all(recipients, ModelServer::unread, millis);
      }
      case UP, SLOW -> {
        if (chance.oneIn(200)) {
          yield all(recipients, it -> answered(it, Phase.FINAL_DOT, 451, 2, 0), 1);
        }
        record(messageId, recipients);
        long millis = mode == Mode.SLOW ? chance.between(500, 5_000) : chance.between(1, 60);
        yield chance.oneIn(150)
            ? all(recipients, ModelServer::unread, millis)
            : all(recipients, it -> answered(it, Phase.FINAL_DOT, 250, 0, 0), millis);
      }
    };
  }

  public static RecipientResult unread(String recipient) {
    return new InDoubt(recipient, fault(Fault.Kind.CLOSED, Phase.FINAL_DOT));
  }

  private void record(String messageId, List<String> recipients) {
    recipients.forEach(recipient -> world.truth().copy(messageId, recipient));
  }

  private static Answer all(
      List<String> recipients, Function<String, RecipientResult> each, long millis) {
    return new Answer(recipients.stream().map(each).toList(), List.of(), millis);
  }

  private static RecipientResult answered(
      String recipient, Phase phase, int code, int subject, int detail) {
    EnhancedCode enhanced = new EnhancedCode(code / 100, subject, detail);
    return new Answered(recipient, phase, new Reply(code, Optional.of(enhanced), "so it is"));
  }

  private static Fault fault(Fault.Kind kind, Phase phase) {
    return new Fault(kind, phase, "");
  }
}
