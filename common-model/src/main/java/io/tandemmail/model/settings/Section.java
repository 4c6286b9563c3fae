package io.tandemmail.model.settings;

import io.tandemmail.model.text.Suggestion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A mapping of the file. Every getter takes the environment's word over the file's and reports what it cannot read. */
final class Section {
  private final Reading reading;
  private final String path;
  private final int line;
  private final Map<String, Node> entries = new LinkedHashMap<>();
  private final Map<String, Integer> lines = new LinkedHashMap<>();
  private final Set<String> known = new TreeSet<>();

  Section(Reading reading, String path, Optional<Node> node) {
    this.reading = reading;
    this.path = path;
    this.line = node.map(Section::lineOf).orElse(0);
    node.ifPresent(this::take);
  }

  int line(String key) {
    return lines.getOrDefault(key, line);
  }

  Set<String> keys() {
    return entries.keySet();
  }

  boolean has(String key) {
    known.add(key);
    return entries.containsKey(key);
  }

  Section section(String key) {
    known.add(key);
    return new Section(reading, at(key), Optional.ofNullable(entries.get(key)));
  }

  /** One mapping or a list of them; each is known by its place: {@code dkim.0}. */
  List<Section> sections(String key) {
    known.add(key);
    Node node = entries.get(key);
    List<Node> nodes =
        node instanceof SequenceNode list
            ? list.getValue()
            : node == null ? List.of() : List.of(node);
    List<Section> sections = new ArrayList<>();
    for (Node each : nodes) {
      sections.add(new Section(reading, at(key) + "." + sections.size(), Optional.of(each)));
    }
    return sections;
  }

  Optional<String> text(String key) {
    known.add(key);
    Optional<String> override = reading.override(at(key));
    Optional<String> value =
        override.isPresent()
            ? override
            : Optional.ofNullable(entries.get(key)).flatMap(node -> scalar(key, node));
    value.ifPresent(text -> reading.used(at(key), text));
    return value;
  }

  /** One text or a list of them. */
  List<String> texts(String key) {
    known.add(key);
    if (entries.get(key) instanceof SequenceNode list && reading.override(at(key)).isEmpty()) {
      List<String> texts = new ArrayList<>();
      list.getValue().forEach(node -> scalar(key, node).ifPresent(texts::add));
      reading.used(at(key), String.join(",", texts));
      return texts;
    }
    return text(key).map(text -> List.of(text.split("\\s*,\\s*"))).orElse(List.of());
  }

  int integer(String key, int min, int max, int otherwise) {
    return read(
        key,
        otherwise,
        "a number from " + min + " to " + max,
        text -> {
          try {
            int number = Integer.parseInt(text);
            return number >= min && number <= max ? Optional.of(number) : Optional.empty();
          } catch (NumberFormatException notANumber) {
            return Optional.empty();
          }
        });
  }

  boolean flag(String key) {
    return read(
        key,
        false,
        "true or false",
        text ->
            switch (text) {
              case "true" -> Optional.of(true);
              case "false" -> Optional.of(false);
              default -> Optional.empty();
            });
  }

  Duration duration(String key, Duration otherwise) {
    return read(
        key,
        otherwise,
        "a duration such as 10s, 5m or PT1H",
        text -> Scalars.duration(text).filter(d -> !d.isZero()));
  }

  <E extends Enum<E>> E choice(String key, Class<E> type, E otherwise) {
    Map<String, E> choices = new LinkedHashMap<>();
    for (E constant : type.getEnumConstants()) {
      choices.put(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'), constant);
    }
    return read(
        key,
        otherwise,
        "one of " + String.join(", ", choices.keySet()),
        text -> Optional.ofNullable(choices.get(text)));
  }

  <T> T read(String key, T otherwise, String expected, Function<String, Optional<T>> parse) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return otherwise;
    }
    Optional<T> value = parse.apply(text.get());
    if (value.isEmpty()) {
      problem(key, "is '" + text.get() + "'", "write " + expected);
    }
    return value.orElse(otherwise);
  }

  void problem(String key, String problem, String remedy) {
    reading.problem(line(key), at(key), problem, remedy);
  }

  /** Call last: whatever no getter asked for is unknown. */
  void refuseUnknown() {
    Set<String> unknown = new HashSet<>(entries.keySet());
    unknown.removeAll(known);
    unknown.stream()
        .sorted()
        .forEach(key ->
            problem(
                key,
                "is not a key of Tandem's configuration",
                Suggestion.nearest(key, known)
                    .map(near -> "did you mean " + near + "?")
                    .orElse("known here: " + String.join(", ", known))));
  }

  String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private void take(Node node) {
    if (!(node instanceof MappingNode mapping)) {
      reading.problem(lineOf(node), path, "is not a mapping", "write key: value below it");
      return;
    }
    for (NodeTuple tuple : mapping.getValue()) {
      Node key = tuple.getKeyNode();
      String name = key instanceof ScalarNode scalar ? scalar.getValue() : "?";
      if (entries.containsKey(name)) {
        reading.problem(lineOf(key), at(name), "is given twice", "remove one");
      }
      entries.put(name, tuple.getValueNode());
      lines.put(name, lineOf(key));
    }
  }

  private Optional<String> scalar(String key, Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue().isEmpty()
              || scalar.getValue().equals("null")
              || scalar.getValue().equals("~")
          ? Optional.empty()
          : Optional.of(scalar.getValue());
    }
    problem(key, "is not a single value", "write " + key + ": value");
    return Optional.empty();
  }

  private static int lineOf(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }
}
