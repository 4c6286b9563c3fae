package io.tandemmail.ingest.dialogue;

/** What the shell is to do next. */
public sealed interface Step {
  /** Answer, and read the next line. */
  record Say(Reply reply) implements Step {}

  /** Answer, and close. */
  record Close(Reply reply) implements Step {}

  /** Answer, read content to the final dot, give it to {@link SubmissionDialogue#content}. */
  record TakeContent(Reply reply, int sizeMax) implements Step {}

  /**
   * Read a chunk, give it to {@link SubmissionDialogue#chunk}.
   *
   * @param joined bytes of all chunks if they have to be joined when this one is here; 0 if not
   */
  record TakeChunk(int size, int joined) implements Step {}

  /** Read past a chunk, then answer: left where it is it would be the next commands. */
  record SkipChunk(long size, Reply reply) implements Step {}

  /** Answer, forget what was read ahead, shake hands, then call {@link SubmissionDialogue#secured}. */
  record SwitchToTls(Reply reply) implements Step {}

  /** Say what became of the mail. */
  record Deliver(Mail mail) implements Step {}

  static Step say(int code, String text) {
    return new Say(Reply.of(code, text));
  }

  static Step close(int code, String text) {
    return new Close(Reply.of(code, text));
  }
}
