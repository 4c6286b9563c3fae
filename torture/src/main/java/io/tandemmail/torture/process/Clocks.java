package io.tandemmail.torture.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;

/**
 * Wall clocks of programs that can be set while they run, each for itself: libfaketime, loaded before the C library, reads how far
 * a program's clock is off from a file. What is monotonic stays so, as it does when an operator or NTP sets a real clock.
 */
public final class Clocks {
  private static final Path LIBRARIES = Path.of("/usr/lib");
  private static final String IN_ITS_FOLDER = "faketime/libfaketimeMT.so.1";
  private static final String RIGHT = "+0";

  private final Path libfaketime;
  private final Path folder;

  private Clocks(Path libfaketime, Path folder) {
    this.libfaketime = libfaketime;
    this.folder = folder;
  }

  /** Where Debian's libfaketime is; none: it is not installed. */
  public static Optional<Path> libfaketime() {
    try (DirectoryStream<Path> architectures = Files.newDirectoryStream(LIBRARIES)) {
      for (Path architecture : architectures) {
        Path library = architecture.resolve(IN_ITS_FOLDER);
        if (Files.isRegularFile(library)) {
          return Optional.of(library);
        }
      }
    } catch (IOException unreadable) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  /**
   * @param folder where the files are
   */
  public static Clocks of(Path libfaketime, Path folder) throws IOException {
    Files.createDirectories(folder);
    return new Clocks(libfaketime, folder);
  }

  /** What a program is started with so that {@link #set} changes its clock within a second. It starts with the right one. */
  Map<String, String> environment(String name) throws IOException {
    setRight(name);
    return Map.of(
        "LD_PRELOAD", libfaketime.toString(),
        "FAKETIME_TIMESTAMP_FILE", file(name).toString(),
        "FAKETIME_CACHE_DURATION", "1",
        "FAKETIME_DONT_FAKE_MONOTONIC", "1",
        // Without it a JVM's timed waits return at once, or never.
        "FAKETIME_FORCE_MONOTONIC_FIX", "0");
  }

  /**
   * @param off {@code +2h} or {@code -2h}
   */
  public void set(String name, String off) throws IOException {
    Path written = Files.writeString(folder.resolve(name + ".new"), off + "\n");
    Files.move(written, file(name), StandardCopyOption.ATOMIC_MOVE);
  }

  public void setRight(String name) throws IOException {
    set(name, RIGHT);
  }

  private Path file(String name) {
    return folder.resolve(name + ".clock");
  }
}
