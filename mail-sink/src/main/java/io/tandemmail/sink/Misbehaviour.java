package io.tandemmail.sink;

import io.tandemmail.sink.Behaviour.Stage;
import java.io.IOException;
import java.util.List;

/** Does on one connection what the sink or a recipient asks it to do wrong. */
final class Misbehaviour {
  private final MailSink sink;
  private final SinkConnection connection;

  Misbehaviour(MailSink sink, SinkConnection connection) {
    this.sink = sink;
    this.connection = connection;
  }

  /** Waits, closes or falls silent instead of a reply. Returns the code to reply with, 0 for the normal one. */
  int instead(Stage stage, List<Behaviour> own) throws IOException {
    int code = 0;
    for (Behaviour behaviour : at(stage, own)) {
      switch (behaviour) {
        case Behaviour.Close close -> throw connection.hangup();
        case Behaviour.Silent silent -> connection.fallSilent();
        case Behaviour.Slow slow -> connection.delay(slow.delay());
        case Behaviour.Reply reply -> code = reply.code();
        case Behaviour.CloseAfter later -> {}
        case Behaviour.SilentAfter later -> {}
        case Behaviour.Greylist decided -> {}
        case Behaviour.RefuseAfter decided -> {}
        case Behaviour.Normal normal -> {}
      }
    }
    return code;
  }

  /** Closes or falls silent once the reply is said, or in place of the one to the final dot. */
  void afterwards(Stage stage, List<Behaviour> own) throws IOException {
    for (Behaviour behaviour : at(stage, own)) {
      if (behaviour instanceof Behaviour.CloseAfter) {
        throw connection.hangup();
      }
      if (behaviour instanceof Behaviour.SilentAfter) {
        connection.fallSilent();
      }
    }
  }

  /** A recipient's wish at this stage comes before the sink's. */
  private List<Behaviour> at(Stage stage, List<Behaviour> own) {
    List<Behaviour> here =
        own.isEmpty() ? own : own.stream().filter(behaviour -> behaviour.stage() == stage).toList();
    Behaviour everywhere = sink.behaviour();
    return here.isEmpty() && everywhere.stage() == stage ? List.of(everywhere) : here;
  }
}
