package io.tandemmail.sink.process;

import io.tandemmail.sink.Behaviour;
import io.tandemmail.sink.SinkConfig;
import io.tandemmail.sink.SinkConfig.Extension;
import io.tandemmail.sink.wire.Mechanism;
import io.tandemmail.smtp.server.Credentials;
import io.tandemmail.smtp.server.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the command line of a sink asks for.
 *
 * @param controlPort 0 for none
 */
public record SinkArguments(
    SinkConfig config, Behaviour behaviour, Duration latency, int controlPort) {

  /** What became of the words. */
  public sealed interface Parsed {}

  public record Right(SinkArguments arguments) implements Parsed {}

  /** What is wrong, with the value. */
  public record Wrong(String problem) implements Parsed {}

  /** Somebody wants to know the options. */
  public record Help(List<String> lines) implements Parsed {}

  private static final SinkArguments DEFAULT =
      new SinkArguments(SinkConfig.named("sink").onPort(2526), Behaviour.NORMAL, Duration.ZERO, 0);

  /** Both {@code --port 2526} and {@code --port=2526} are understood. */
  public static Parsed parse(List<String> words) {
    if (words.contains("--help") || words.contains("-h")) {
      return new Help(SinkOption.help());
    }
    SinkArguments arguments = DEFAULT;
    for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
      String word = rest.next();
      int equals = word.startsWith("--") ? word.indexOf('=') : -1;
      String name = equals < 0 ? word : word.substring(0, equals);
      Optional<SinkOption> known = SinkOption.of(name);
      if (known.isEmpty()) {
        return new Wrong("unknown option '" + name + "'");
      }
      SinkOption option = known.get();
      String value = "";
      if (equals >= 0) {
        value = word.substring(equals + 1);
      } else if (option.takesValue() && rest.hasNext()) {
        value = rest.next();
      } else if (option.takesValue()) {
        return new Wrong(name + " needs a value: it takes " + option.takes);
      }
      if (equals >= 0 && !option.takesValue()) {
        return new Wrong(name + " takes no value");
      }
      Optional<SinkArguments> next = arguments.with(option, value);
      if (next.isEmpty()) {
        return new Wrong(
            name + " cannot be '" + shown(option, value) + "': it takes " + option.takes);
      }
      arguments = next.get();
    }
    return new Right(arguments);
  }

  private Optional<SinkArguments> with(SinkOption option, String value) {
    return switch (option) {
      case PORT -> port(value).map(config::onPort).map(this::with);
      case ADDRESS -> text(value).map(config::at).map(this::with);
      case NAME ->
          text(value).filter(name -> !name.contains(" ")).map(config::renamed).map(this::with);
      case LOG -> text(value).map(file -> with(config.loggingTo(Path.of(file))));
      case FSYNC -> Optional.of(with(config.syncing()));
      case KEEP -> Optional.of(with(config.keeping()));
      case HTTP -> port(value).map(port -> new SinkArguments(config, behaviour, latency, port));
      case BEHAVE ->
          Behaviour.parse(value)
              .map(words -> new SinkArguments(config, words, latency, controlPort));
      case LATENCY -> Behaviour.delay(value).map(this::waiting);
      case LATENCY_MILLIS -> Behaviour.delay(value + "ms").map(this::waiting);
      case TLS -> secured(value);
      case LOGIN ->
          Optional.of(value.split(":", 2))
              .filter(parts -> parts.length == 2 && !parts[0].isEmpty() && !parts[1].isEmpty())
              .map(parts -> with(config.requiring(new Credentials(parts[0], parts[1]))));
      case MECHANISMS -> mechanisms(value).map(config::authenticating).map(this::with);
      case LIMITS -> Limits.parse(value).map(config::limited).map(this::with);
      case WITHOUT ->
          Arrays.stream(Extension.values())
              .filter(extension -> extension.keyword().equalsIgnoreCase(value))
              .findFirst()
              .map(config::without)
              .map(this::with);
    };
  }

  /** Passwords are not repeated. */
  private static String shown(SinkOption option, String value) {
    return switch (option) {
      case TLS, LOGIN -> value.split(":", 2)[0] + (value.contains(":") ? ":…" : "");
      case PORT,
          ADDRESS,
          NAME,
          LOG,
          FSYNC,
          KEEP,
          HTTP,
          BEHAVE,
          LATENCY,
          LATENCY_MILLIS,
          MECHANISMS,
          LIMITS,
          WITHOUT ->
          value;
    };
  }

  private SinkArguments with(SinkConfig other) {
    return new SinkArguments(other, behaviour, latency, controlPort);
  }

  private SinkArguments waiting(Duration delay) {
    return new SinkArguments(config, behaviour, delay, controlPort);
  }

  private Optional<SinkArguments> secured(String value) {
    int colon = value.lastIndexOf(':');
    try {
      return colon < 1
          ? Optional.empty()
          : Optional.of(
              with(config.withTls(Path.of(value.substring(0, colon)), value.substring(colon + 1))));
    } catch (IOException | GeneralSecurityException notThatKeyStore) {
      return Optional.empty();
    }
  }

  private static Optional<Set<Mechanism>> mechanisms(String value) {
    Set<Mechanism> all = EnumSet.noneOf(Mechanism.class);
    for (String word : value.split(",", -1)) {
      Optional<Mechanism> mechanism = Mechanism.of(word);
      if (mechanism.isEmpty()) {
        return Optional.empty();
      }
      all.add(mechanism.get());
    }
    return Optional.of(all);
  }

  private static Optional<String> text(String value) {
    return value.isBlank() ? Optional.empty() : Optional.of(value);
  }

  private static Optional<Integer> port(String value) {
    return value.matches("\\d{1,5}")
        ? Optional.of(Integer.parseInt(value)).filter(port -> port <= 65535)
        : Optional.empty();
  }
}
