package io.tandemmail.smtp;

import java.util.Optional;

/**
 * The transaction after the one under way, if there is one already. Its envelope is sent behind the content before it, so
 * that a message costs one round trip (RFC 2920). Until its own content is written nothing of it is handed over, so it
 * can be taken back at any time.
 */
public interface Lookahead {
  Lookahead NONE =
      new Lookahead() {
        @Override
        public Optional<MailTransaction> next() {
          return Optional.empty();
        }

        @Override
        public void withdrawn() {}
      };

  /**
   * Asked at most once per delivery. Whoever answers with a transaction has made sure that it may begin now, and delivers
   * it next on the same session.
   */
  Optional<MailTransaction> next();

  /**
   * The server keeps the message before it waiting: the transaction is free to go elsewhere, at once, while the delivery
   * still waits. This session will not send it.
   */
  void withdrawn();
}
