package io.tandemmail.sink.process;

import io.tandemmail.sink.SinkConfig.Extension;
import io.tandemmail.sink.wire.Mechanism;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Each option of the sink, once: its name, what it takes, and the line of help. */
enum SinkOption {
  PORT(
      "--port",
      "N",
      "listens there; 0: any free one. 2526 unless said",
      "a number from 0 to 65535"),
  ADDRESS("--address", "A", "of this machine; 127.0.0.1 unless said", "a word"),
  NAME("--name", "X", "in greetings and logs", "a word"),
  LOG("--log", "FILE", "a JSON line per message, written before its reply", "the path of a file"),
  FSYNC("--fsync", "", "each line is on the disk before the reply", ""),
  KEEP("--keep", "", "remembers messages for GET /received", ""),
  HTTP("--http", "N", "control port; 0: none, and none unless said", "a number from 0 to 65535"),
  BEHAVE(
      "--behave",
      "WORDS",
      "such as 421-greeting or slow-dot-5s, see docs/mail-sink.md",
      "words such as 421-greeting or slow-dot-5s, see docs/mail-sink.md"),
  LATENCY(
      "--latency",
      "20ms",
      "waited before each group of replies",
      "milliseconds or seconds, such as 20ms or 2s"),
  LATENCY_MILLIS("--latency-millis", "N", "the same in milliseconds", "a number up to 999999"),
  TLS(
      "--tls",
      "KEYSTORE:PASSWORD",
      "offers STARTTLS",
      "KEYSTORE:PASSWORD of a readable PKCS#12 file"),
  LOGIN(
      "--login",
      "USER:PASSWORD",
      "offers AUTH and takes no mail without it",
      "USER:PASSWORD, neither of them empty"),
  MECHANISMS(
      "--mechanisms",
      "A,B",
      "of AUTH; all unless said: " + mechanisms(),
      "a list of " + mechanisms()),
  LIMITS(
      "--limits",
      "RCPTMAX=10,MAILMAX=5",
      "announced and held to (RFC 9422)",
      "a list of MAILMAX=N, RCPTMAX=N, RCPTDOMAINMAX=N, N from 1 to 999999"),
  WITHOUT("--without", "KEYWORD", "does not offer it: " + extensions(), extensions());

  final String word;
  final String value;
  final String help;
  final String takes;

  SinkOption(String word, String value, String help, String takes) {
    this.word = word;
    this.value = value;
    this.help = help;
    this.takes = takes;
  }

  boolean takesValue() {
    return !value.isEmpty();
  }

  static Optional<SinkOption> of(String word) {
    return Arrays.stream(values()).filter(option -> option.word.equals(word)).findFirst();
  }

  static List<String> help() {
    return Arrays.stream(values())
        .map(option -> "  %-29s %s".formatted(option.word + " " + option.value, option.help))
        .toList();
  }

  private static String mechanisms() {
    return Arrays.stream(Mechanism.values())
        .map(Mechanism::keyword)
        .collect(Collectors.joining(", "));
  }

  private static String extensions() {
    return Arrays.stream(Extension.values())
        .map(Extension::keyword)
        .collect(Collectors.joining(", "));
  }
}
