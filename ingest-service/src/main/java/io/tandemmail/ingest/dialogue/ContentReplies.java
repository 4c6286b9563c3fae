package io.tandemmail.ingest.dialogue;

import io.tandemmail.model.submission.FieldProblem;
import java.util.ArrayList;
import java.util.List;

/** What became of a mail, as the reply behind its content. */
public final class ContentReplies {
  private static final int PROBLEMS_SHOWN = 10;

  private ContentReplies() {}

  public static Reply accepted(String id) {
    return Reply.of(250, "2.6.0 " + id + " accepted");
  }

  /** Every problem on a line of its own. */
  public static Reply refused(List<FieldProblem> problems) {
    List<String> lines = new ArrayList<>();
    for (FieldProblem problem : problems.subList(0, Math.min(PROBLEMS_SHOWN, problems.size()))) {
      String field = problem.field().equals("value") ? "the message" : problem.field();
      lines.add("5.6.0 " + field + " " + problem.problem() + "; " + problem.remedy());
    }
    if (problems.size() > PROBLEMS_SHOWN) {
      lines.add("5.6.0 and " + (problems.size() - PROBLEMS_SHOWN) + " more");
    }
    return new Reply(554, lines);
  }

  /** It may still come to be durable; the same id makes it one message. */
  public static Reply notDurable(String id) {
    return deferred("Kafka did not take it in time; send it again, with Tandem-Id: " + id);
  }

  public static Reply deferred(String why) {
    return Reply.of(451, "4.3.0 " + why);
  }

  /** RFC 5321 section 4.2.3: insufficient system storage; RFC 3463: mail system full. Also before there is any content. */
  public static Reply noDisk(String why) {
    return Reply.of(452, "4.3.1 no room for new mail: " + why + "; send it again later");
  }

  /** A report that was taken, whatever it was good for. */
  public static Reply report(String what) {
    return Reply.of(250, "2.6.0 " + what);
  }
}
