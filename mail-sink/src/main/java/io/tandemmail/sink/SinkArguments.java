package io.tandemmail.sink;

import io.tandemmail.sink.SinkConfig.Extension;
import io.tandemmail.sink.wire.Credentials;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the command line of a sink process asks for.
 *
 * @param controlPort 0 for none
 */
record SinkArguments(SinkConfig config, Behaviour behaviour, Duration latency, int controlPort) {
  static final String USAGE =
      """
      sink [--port N] [--address A] [--name X] [--log FILE] [--fsync] [--keep] [--behave WORDS] [--latency 20ms]
           [--login USER:PASSWORD] [--tls KEYSTORE:PASSWORD] [--without KEYWORD]… [--http PORT]\
      """;

  sealed interface Parsed {}

  record Right(SinkArguments arguments) implements Parsed {}

  /** What is wrong, with the value. */
  record Wrong(String problem) implements Parsed {}

  private static final SinkArguments DEFAULT =
      new SinkArguments(SinkConfig.named("sink").onPort(2526), Behaviour.NORMAL, Duration.ZERO, 0);

  static Parsed parse(List<String> words) {
    SinkArguments arguments = DEFAULT;
    for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
      String option = rest.next();
      Optional<SinkArguments> next;
      if (option.equals("--keep") || option.equals("--fsync")) {
        SinkConfig config = arguments.config;
        next =
            Optional.of(
                arguments.with(option.equals("--keep") ? config.keeping() : config.syncing()));
      } else if (!KNOWN.contains(option)) {
        return new Wrong("unknown option '" + option + "'");
      } else if (!rest.hasNext()) {
        return new Wrong(option + " needs a value");
      } else {
        String value = rest.next();
        next = arguments.option(option, value);
        if (next.isEmpty()) {
          return new Wrong(option + " cannot be '" + value + "': it takes " + takes(option));
        }
      }
      arguments = next.get();
    }
    return new Right(arguments);
  }

  private static final List<String> KNOWN =
      List.of(
          "--port",
          "--address",
          "--name",
          "--log",
          "--behave",
          "--latency",
          "--login",
          "--tls",
          "--without",
          "--http");

  private Optional<SinkArguments> option(String option, String value) {
    return switch (option) {
      case "--port" -> port(value).map(port -> with(config.onPort(port)));
      case "--address" -> text(value).map(address -> with(config.at(address)));
      case "--name" ->
          text(value).filter(name -> !name.contains(" ")).map(name -> with(renamed(name)));
      case "--log" -> text(value).map(file -> with(config.loggingTo(Path.of(file))));
      case "--behave" ->
          Behaviour.parse(value)
              .map(words -> new SinkArguments(config, words, latency, controlPort));
      case "--latency" ->
          Behaviour.delay(value)
              .map(delay -> new SinkArguments(config, behaviour, delay, controlPort));
      case "--login" ->
          Optional.of(value.split(":", 2))
              .filter(parts -> parts.length == 2)
              .map(parts -> with(config.requiring(new Credentials(parts[0], parts[1]))));
      case "--tls" -> secured(value);
      case "--without" ->
          Arrays.stream(Extension.values())
              .filter(extension -> extension.keyword().equalsIgnoreCase(value))
              .findFirst()
              .map(extension -> with(config.without(extension)));
      default -> port(value).map(port -> new SinkArguments(config, behaviour, latency, port));
    };
  }

  private static String takes(String option) {
    return switch (option) {
      case "--port", "--http" -> "a number from 0 to 65535";
      case "--behave" -> "words such as 421-greeting or slow-dot-5s, see docs/mail-sink.md";
      case "--latency" -> "milliseconds or seconds, such as 20ms or 2s";
      case "--login" -> "USER:PASSWORD";
      case "--tls" -> "KEYSTORE:PASSWORD of a readable PKCS#12 file";
      case "--without" ->
          Arrays.stream(Extension.values())
              .map(Extension::keyword)
              .collect(Collectors.joining(", "));
      default -> "a word";
    };
  }

  private SinkArguments with(SinkConfig other) {
    return new SinkArguments(other, behaviour, latency, controlPort);
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

  private SinkConfig renamed(String name) {
    return new SinkConfig(
        name, config.address(), config.port(), config.recording(), config.protocol());
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
