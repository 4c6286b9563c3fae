package io.tandemmail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A tmpfs of a few MiB, filled and freed by a file beside the others. Mounting needs root. */
final class SmallDisk implements AutoCloseable {
  static final int MIB = 1 << 20;

  private final Path folder;
  private final Path ballast;

  private SmallDisk(Path folder) {
    this.folder = folder;
    this.ballast = folder.resolve("ballast");
  }

  /** Skips the test, and says why, where this user may not mount. */
  static SmallDisk mount(Path folder, int mib) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    String problem =
        run(
            List.of(
                "mount", "-t", "tmpfs", "-o", "size=" + mib + "m", "tandem", folder.toString()));
    return problem.isEmpty()
        ? new SmallDisk(folder)
        : abort("a small disk cannot be mounted here (it needs root): " + problem);
  }

  Path folder() {
    return folder;
  }

  /** Until no more than so much is free; 0: until nothing more can be written. */
  void fill(int leaveMib) throws IOException {
    byte[] zeros = new byte[MIB / 4];
    try (OutputStream out =
        Files.newOutputStream(ballast, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (usableBytes() > (long) leaveMib * MIB) {
        out.write(zeros);
      }
    } catch (IOException full) {
      assertThat(usableBytes()).as(full.getMessage()).isZero();
    }
  }

  void free() throws IOException {
    Files.delete(ballast);
  }

  long usableBytes() throws IOException {
    return Files.getFileStore(folder).getUsableSpace();
  }

  /** Whoever still has a file open on it must not keep it from going. */
  @Override
  public void close() throws IOException, InterruptedException {
    assertThat(run(List.of("umount", "--lazy", folder.toString()))).isEmpty();
  }

  /** What went wrong; empty when nothing did. */
  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException noSuchProgram) {
      return String.valueOf(noSuchProgram.getMessage());
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? "" : command.getFirst() + ": " + said.strip();
  }
}
