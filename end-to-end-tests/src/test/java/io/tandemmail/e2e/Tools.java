package io.tandemmail.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs of other people that some tests need; {@code ./tandem test} names those that lack. */
public final class Tools {
  private Tools() {}

  public static Optional<Path> find(String name) {
    return Stream.of("/usr/bin", "/usr/sbin", "/usr/local/bin", "/sbin")
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
