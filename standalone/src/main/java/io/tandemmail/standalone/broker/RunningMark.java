package io.tandemmail.standalone.broker;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file that is there while the broker runs, and names the boot of the machine it runs in. Found at a start it says that the
 * last stop was none: in the same boot the process was killed, and the system kept what it had written; in another one the
 * machine itself may have gone down with it.
 */
final class RunningMark {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private static final String UNSURE = "unsure";

  private final Path file;
  private final Optional<String> boot;

  private RunningMark(Path file, Optional<String> boot) {
    this.file = file;
    this.boot = boot;
  }

  static RunningMark in(Path folder) {
    return new RunningMark(folder.resolve("running"), read(BOOT_ID));
  }

  /**
   * @param boot of the machine; empty where the system does not tell
   */
  static RunningMark in(Path folder, Optional<String> boot) {
    return new RunningMark(folder.resolve("running"), boot);
  }

  LastStop lastStop() {
    if (!Files.exists(file)) {
      return LastStop.CLEAN;
    }
    Optional<String> then = read(file);
    return then.isPresent() && then.equals(boot) ? LastStop.KILLED : LastStop.POWER_LOST;
  }

  /** On disk when this returns: a mark that is lost with the rest would be no mark. */
  void set() throws IOException {
    write(boot.orElse(UNSURE));
  }

  /** Equal to no boot. */
  void setUnsure() throws IOException {
    write(UNSURE);
  }

  private void write(String name) throws IOException {
    byte[] text = (name + "\n").getBytes(StandardCharsets.UTF_8);
    Files.write(
        file,
        text,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE,
        StandardOpenOption.SYNC);
    flushFolder();
  }

  void remove() throws IOException {
    Files.deleteIfExists(file);
  }

  private void flushFolder() throws IOException {
    if (Files.exists(BOOT_ID)) {
      // Elsewhere a folder cannot be opened to be flushed, and is no worse for it.
      try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent())) {
        folder.force(true);
      }
    }
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty());
    } catch (IOException notThere) {
      return Optional.empty();
    }
  }
}
