/**
 * What the SMTP listener says (RFC 5321, 6409): a machine that is given lines and content and answers with steps for the shell.
 *
 * <p>In: a client's lines, content that the shell has read, the rules of this listener. Out: {@link
 * io.tandemmail.ingest.dialogue.Step}s: replies, what to read next, mail to deliver. The table of replies is
 * docs/smtp-submission.md.
 *
 * <p>Always: content is asked for only with a recipient behind it; nobody but the bounce mailbox gets mail of a client that has
 * not shown the key it must show; nothing is delivered that was said in clear before STARTTLS.
 */
@PureCore
@NullMarked
package io.tandemmail.ingest.dialogue;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
