package io.tandemmail.torture.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What {@code tandem learn-start} has left beside the jars of a distribution (docs/decisions/0008). */
final class StartCache {
  private StartCache() {}

  /** The cache, if it was made of the jars that are there now. */
  static Optional<Path> in(Path folder) {
    Path cache = folder.resolve("tandem.aot");
    Path madeOf = folder.resolve("tandem.aot.jars");
    try {
      return Files.exists(cache)
              && Files.exists(madeOf)
              && Files.readAllLines(madeOf).equals(jars(folder))
          ? Optional.of(cache)
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Name, size and time in seconds, as the launcher writes them. */
  private static List<String> jars(Path folder) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder, 2)) {
      for (Path jar : files.filter(it -> it.toString().endsWith(".jar")).toList()) {
        lines.add(
            "%s %d %d"
                .formatted(
                    folder.relativize(jar),
                    Files.size(jar),
                    Files.getLastModifiedTime(jar).to(TimeUnit.SECONDS)));
      }
    }
    lines.sort(null);
    return lines;
  }
}
