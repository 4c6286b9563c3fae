package io.tandemmail.worker.policy;

import io.tandemmail.model.outcome.OutcomeCategory;
import io.tandemmail.smtp.EnhancedCode;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.Reply;
import io.tandemmail.worker.policy.BounceRule.EnhancedPattern;
import io.tandemmail.worker.policy.BounceRule.Phrase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code bounce-rules.txt}; its head explains the format. Names every bad line at once. */
final class BounceRuleReader {
  private static final Pattern CODE = Pattern.compile("[345?][0-9?][0-9?]");
  private static final Pattern ENHANCED = Pattern.compile("([45x])\\.(\\d{1,3})\\.(\\d{1,3}|\\*)");
  private static final Pattern EXAMPLE =
      Pattern.compile("([345]\\d\\d)(?: ([45])\\.(\\d{1,3})\\.(\\d{1,3}))?(?: (.*))?");

  private final String source;
  private final List<String> problems = new ArrayList<>();
  private final List<BounceRule> rules = new ArrayList<>();

  private BounceRuleReader(String source) {
    this.source = source;
  }

  /**
   * The rules in the order of the file.
   *
   * @param source how messages call the file
   * @throws IllegalArgumentException naming every bad line
   */
  static List<BounceRule> read(String source, String text) {
    BounceRuleReader reader = new BounceRuleReader(source);
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String content = line.strip();
      if (content.startsWith(">")) {
        reader.example(number, content.substring(1).strip());
      } else if (!content.isEmpty() && !content.startsWith("#")) {
        reader.rule(number, content);
      }
    }
    reader.rules.stream()
        .filter(rule -> rule.examples().isEmpty())
        .forEach(rule -> reader.problem(rule.line(), "the rule has no example below it"));
    if (reader.rules.isEmpty()) {
      reader.problem(number, "there is no rule");
    }
    if (!reader.problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", reader.problems));
    }
    return List.copyOf(reader.rules);
  }

  private void rule(int line, String content) {
    int colon = content.indexOf(':');
    String head = colon < 0 ? content : content.substring(0, colon);
    List<String> columns = Arrays.asList(head.strip().split("\\s+"));
    if (columns.size() != 4) {
      problem(line, "a rule is: category phase code enhanced-code [: phrase | phrase]");
      return;
    }
    Optional<OutcomeCategory> category = OutcomeCategory.ofWireName(columns.get(0));
    Optional<Phase> phase = phase(columns.get(1));
    Optional<String> code = code(columns.get(2));
    Optional<EnhancedPattern> enhanced = enhanced(columns.get(3));
    if (category.isEmpty()) {
      problem(line, "there is no category '" + columns.get(0) + "'");
    }
    if (phase.isEmpty() && !columns.get(1).equals("*")) {
      problem(line, "there is no phase '" + columns.get(1) + "'");
    }
    if (code.isEmpty()) {
      problem(line, "'" + columns.get(2) + "' is no code; write 550, 55z, 5yz or *");
    }
    if (enhanced.isEmpty()) {
      problem(line, "'" + columns.get(3) + "' is no enhanced code; write x.1.1, 4.7.*, - or *");
    }
    List<Phrase> phrases = colon < 0 ? List.of() : phrases(line, content.substring(colon + 1));
    rules.add(
        new BounceRule(
            line,
            category.orElse(OutcomeCategory.OTHER),
            phase,
            code.orElse("???"),
            enhanced.orElse(new EnhancedPattern.Any()),
            phrases,
            List.of()));
  }

  private void example(int line, String content) {
    Matcher matcher = EXAMPLE.matcher(content);
    if (rules.isEmpty()) {
      problem(line, "an example belongs below its rule");
    } else if (!matcher.matches()) {
      problem(line, "an example is a reply: 550 5.1.1 text");
    } else {
      Optional<EnhancedCode> enhanced =
          Optional.ofNullable(matcher.group(2))
              .map(clazz ->
                  new EnhancedCode(
                      Integer.parseInt(clazz),
                      Integer.parseInt(matcher.group(3)),
                      Integer.parseInt(matcher.group(4))));
      String text = Optional.ofNullable(matcher.group(5)).orElse("");
      BounceRule rule = rules.removeLast();
      List<Reply> examples = new ArrayList<>(rule.examples());
      examples.add(new Reply(Integer.parseInt(matcher.group(1)), enhanced, text));
      rules.add(
          new BounceRule(
              rule.line(),
              rule.category(),
              rule.phase(),
              rule.code(),
              rule.enhanced(),
              rule.phrases(),
              examples));
    }
  }

  private List<Phrase> phrases(int line, String text) {
    List<Phrase> phrases = new ArrayList<>();
    for (String phrase : text.split("\\|", -1)) {
      List<String> parts =
          Arrays.stream(phrase.split(" \\.\\. ", -1))
              .map(String::strip)
              .filter(part -> !part.isEmpty())
              .toList();
      if (parts.isEmpty()) {
        problem(line, "a phrase is empty and would match everything");
      } else if (!phrase.equals(phrase.toLowerCase(Locale.ROOT))) {
        problem(line, "'" + phrase.strip() + "' is compared in lower case; write it so");
      } else {
        phrases.add(new Phrase(parts));
      }
    }
    return phrases;
  }

  private static Optional<Phase> phase(String name) {
    return Arrays.stream(Phase.values()).filter(phase -> phase.wireName().equals(name)).findFirst();
  }

  private static Optional<String> code(String text) {
    String pattern = text.equals("*") ? "???" : text.replace('y', '?').replace('z', '?');
    return CODE.matcher(pattern).matches() ? Optional.of(pattern) : Optional.empty();
  }

  private static Optional<EnhancedPattern> enhanced(String text) {
    Matcher matcher = ENHANCED.matcher(text);
    if (matcher.matches()) {
      return Optional.of(
          new EnhancedPattern.Like(
              number(matcher.group(1)),
              Integer.parseInt(matcher.group(2)),
              number(matcher.group(3))));
    }
    return switch (text) {
      case "*" -> Optional.of(new EnhancedPattern.Any());
      case "-" -> Optional.of(new EnhancedPattern.Untold());
      default -> Optional.empty();
    };
  }

  private static Optional<Integer> number(String text) {
    return text.equals("x") || text.equals("*")
        ? Optional.empty()
        : Optional.of(Integer.valueOf(text));
  }

  private void problem(int line, String what) {
    problems.add(source + " line " + line + ": " + what);
  }
}
