package io.tandemmail.torture.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A tmpfs of some MiB, filled and freed by a file beside the others. Mounting needs root. */
public final class SmallDisk implements AutoCloseable {
  public static final int MIB = 1 << 20;

  private final Path folder;
  private final Path ballast;

  private SmallDisk(Path folder) {
    this.folder = folder;
    this.ballast = folder.resolve("ballast");
  }

  /**
   * @param folder made if it is not there
   * @throws IOException with mount's words where this user may not
   */
  public static SmallDisk mount(Path folder, int mib) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    run(List.of("mount", "-t", "tmpfs", "-o", "size=" + mib + "m", "tandem", folder.toString()));
    return new SmallDisk(folder);
  }

  /** Tries. */
  public static boolean canBeMounted() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("tandem-mount-");
    try {
      mount(folder, 1).close();
      return true;
    } catch (IOException notAllowed) {
      return false;
    } finally {
      Files.delete(folder);
    }
  }

  public Path folder() {
    return folder;
  }

  /** Until no more than so much is free; 0: until nothing more can be written. */
  public void fill(int leaveMib) throws IOException {
    byte[] zeros = new byte[MIB / 4];
    try (OutputStream out =
        Files.newOutputStream(ballast, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (usableBytes() > (long) leaveMib * MIB) {
        out.write(zeros);
      }
    } catch (IOException full) {
      if (usableBytes() > 0) {
        throw full;
      }
    }
  }

  public void free() throws IOException {
    Files.delete(ballast);
  }

  public long usableBytes() throws IOException {
    return Files.getFileStore(folder).getUsableSpace();
  }

  /** Whoever still has a file open on it must not keep it from going. */
  @Override
  public void close() throws IOException, InterruptedException {
    run(List.of("umount", "--lazy", folder.toString()));
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command.getFirst() + ": " + said.strip());
    }
  }
}
