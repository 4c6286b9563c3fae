package io.tandemmail.worker.policy;

import io.tandemmail.smtp.EnhancedCode;
import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.RecipientResult;
import io.tandemmail.smtp.Reply;
import io.tandemmail.worker.policy.Verdict.Reach;
import io.tandemmail.worker.policy.Verdict.Type;
import io.tandemmail.worker.policy.Verdict.When;
import io.tandemmail.worker.policy.Verdict.Where;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tables of docs/reply-policy.md. */
record PolicyDocument(List<Row> rows) {
  private static final int COLUMNS = 8;
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
  private static final Pattern REPLY =
      Pattern.compile("(\\d{3})(?: (\\d)\\.(\\d+)\\.(\\d+))?(?: (.*))?");
  private static final String IN_DOUBT = "in doubt: ";

  record Row(String name, List<RecipientResult> results, Verdict verdict) {}

  static PolicyDocument read() {
    List<Row> rows = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(Path.of("..", "docs", "reply-policy.md"))) {
        if (line.startsWith("| ") && !line.startsWith("| row ")) {
          rows.add(row(line));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new PolicyDocument(rows);
  }

  private static Row row(String line) {
    List<String> cells = Arrays.stream(line.substring(1).split("\\|")).map(String::strip).toList();
    if (cells.size() != COLUMNS) {
      throw new IllegalArgumentException("not " + COLUMNS + " columns: " + line);
    }
    List<RecipientResult> results = new ArrayList<>();
    for (String phase : cells.get(1).split(" ")) {
      Matcher example = QUOTED.matcher(cells.get(2));
      while (example.find()) {
        results.add(result(Phase.valueOf(constant(phase)), example.group(1)));
      }
    }
    Verdict verdict =
        new Verdict(
            Type.valueOf(constant(cells.get(3))),
            Reach.valueOf(constant(cells.get(4))),
            cells.get(5).equals("yes"),
            When.valueOf(constant(cells.get(6))),
            Where.valueOf(constant(cells.get(7))));
    return new Row(cells.get(0), results, verdict);
  }

  private static RecipientResult result(Phase phase, String example) {
    Matcher reply = REPLY.matcher(example);
    if (reply.matches()) {
      return new RecipientResult.Answered("ann@example.net", phase, reply(reply));
    }
    boolean doubt = example.startsWith(IN_DOUBT);
    String kind = doubt ? example.substring(IN_DOUBT.length()) : example;
    Fault fault = new Fault(Fault.Kind.valueOf(constant(kind)), phase, "");
    return doubt
        ? new RecipientResult.InDoubt("ann@example.net", fault)
        : new RecipientResult.Faulted("ann@example.net", fault);
  }

  private static Reply reply(Matcher reply) {
    Optional<EnhancedCode> enhanced =
        Optional.ofNullable(reply.group(2))
            .map(clazz ->
                new EnhancedCode(
                    Integer.parseInt(clazz),
                    Integer.parseInt(reply.group(3)),
                    Integer.parseInt(reply.group(4))));
    return new Reply(
        Integer.parseInt(reply.group(1)), enhanced, Optional.ofNullable(reply.group(5)).orElse(""));
  }

  private static String constant(String words) {
    return words.toUpperCase(Locale.ROOT).replace('-', '_').replace(' ', '_');
  }
}
