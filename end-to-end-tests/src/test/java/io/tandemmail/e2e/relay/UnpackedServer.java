package io.tandemmail.e2e.relay;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A mail server that is unpacked but not installed ({@code deploy/ci/mail-servers.sh}), run in namespaces of its own.
 *
 * <p>Its accounts are in a passwd file that only it sees, its compiled-in folders are empty file systems that vanish with it,
 * and when it ends so does every process it started.
 */
final class UnpackedServer implements AutoCloseable {
  private static final String ACCOUNTS =
      """
      root:x:0:0::/root:/bin/sh
      Debian-exim:x:64101:64101::/:/usr/sbin/nologin
      opensmtpd:x:64102:64102::/:/usr/sbin/nologin
      opensmtpq:x:64103:64103::/:/usr/sbin/nologin
      nobody:x:65534:65534::/:/usr/sbin/nologin
      """;

  private static final String GROUPS =
      """
      root:x:0:
      tty:x:5:
      mail:x:8:
      Debian-exim:x:64101:
      opensmtpd:x:64102:
      opensmtpq:x:64103:
      nogroup:x:65534:
      """;

  private final Process process;
  private final Path log;

  private UnpackedServer(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * @param name of its program
   * @return empty where it was not unpacked, or may not be run
   */
  static Optional<Path> find(String name) {
    return Optional.ofNullable(System.getenv("TANDEM_MAIL_SERVERS"))
        .map(folder -> Path.of(folder, "usr", "sbin", name))
        .filter(Files::isExecutable)
        .filter(program -> System.getProperty("user.name").equals("root"));
  }

  /**
   * @param folder of the test; its users have to reach what is theirs in it
   * @param preparation shell commands, run as root in its namespaces
   * @param command its process; the shell stays the first one there, because only a process that never changes its user is sure
   *     to be told that we are gone
   */
  static UnpackedServer start(Path folder, String preparation, String command) throws IOException {
    Path accounts = Files.writeString(folder.resolve("passwd"), ACCOUNTS);
    Path groups = Files.writeString(folder.resolve("group"), GROUPS);
    Path log = folder.resolve("server.log");
    String script =
        """
        set -e
        chmod 755 %s
        mount --bind %s /etc/passwd
        mount --bind %s /etc/group
        %s
        %s
        exit
        """
            .formatted(folder, accounts, groups, preparation, command);
    Process process =
        new ProcessBuilder(
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "--mount-proc",
                "sh",
                "-c",
                script)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    return new UnpackedServer(process, log);
  }

  UnpackedServer awaitPort(int port) {
    await("port " + port)
        .atMost(Duration.ofSeconds(20))
        .until(() -> listens(port) || !process.isAlive());
    if (!process.isAlive()) {
      throw new AssertionError("the server ended: " + output());
    }
    return this;
  }

  String output() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return "no output: " + e.getMessage();
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  private static boolean listens(int port) {
    try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return probe.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }
}
