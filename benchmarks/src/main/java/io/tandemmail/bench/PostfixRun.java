package io.tandemmail.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Debian's Postfix with its default limits, relaying into the sink; an instance and queue of its own. */
final class PostfixRun {
  private static final long WITHIN_SECONDS = 1_800;

  private PostfixRun() {}

  static double perSecond(int messages) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("tandem-bench-postfix-");
    int port = PostfixTools.freePort();
    try (CountingSink sink = CountingSink.start()) {
      configure(folder, port, sink.port());
      PostfixTools.run(
          PostfixTools.POSTFIX.toString(), "-c", folder.resolve("config").toString(), "start");
      try {
        PostfixTools.awaitListening(port);
        long startNanos = System.nanoTime();
        LimitRun.source(port, messages);
        return sink.awaitRate(messages, startNanos, WITHIN_SECONDS);
      } finally {
        PostfixTools.run(
            PostfixTools.POSTFIX.toString(), "-c", folder.resolve("config").toString(), "stop");
      }
    } finally {
      delete(folder);
    }
  }

  private static void configure(Path folder, int port, int sinkPort)
      throws IOException, InterruptedException {
    Path config = Files.createDirectories(folder.resolve("config"));
    Path queue = Files.createDirectories(folder.resolve("queue"));
    Path data = Files.createDirectories(folder.resolve("data"));
    Files.writeString(
        config.resolve("main.cf"),
        String.join(
            "\n",
            List.of(
                "compatibility_level = 3.6",
                "command_directory = /usr/sbin",
                "daemon_directory = /usr/lib/postfix/sbin",
                "queue_directory = " + queue,
                "data_directory = " + data,
                "mail_owner = postfix",
                "setgid_group = postdrop",
                "myhostname = relay.example.com",
                "mydestination =",
                "inet_interfaces = 127.0.0.1",
                "inet_protocols = ipv4",
                "mynetworks = 127.0.0.0/8",
                "relayhost = [127.0.0.1]:" + sinkPort,
                "disable_dns_lookups = yes",
                "smtp_host_lookup = native",
                "smtpd_client_connection_count_limit = 0",
                "alias_maps =",
                "maillog_file = " + folder.resolve("mail.log"),
                "maillog_file_prefixes = /",
                "")));
    Files.writeString(
        config.resolve("master.cf"),
        String.join(
            "\n",
            List.of(
                "127.0.0.1:" + port + " inet n - n - - smtpd",
                "cleanup unix n - n - 0 cleanup",
                "qmgr unix n - n 300 1 qmgr",
                "rewrite unix - - n - - trivial-rewrite",
                "bounce unix - - n - 0 bounce",
                "defer unix - - n - 0 bounce",
                "trace unix - - n - 0 bounce",
                "proxymap unix - - n - - proxymap",
                "smtp unix - - n - - smtp",
                "relay unix - - n - - smtp",
                "error unix - - n - - error",
                "retry unix - - n - - error",
                "anvil unix - - n - 1 anvil",
                "scache unix - - n - 1 scache",
                "postlog unix-dgram n - n - 1 postlogd",
                "")));
    PostfixTools.run("chown", "-R", "postfix", data.toString());
    PostfixTools.run("chmod", "755", folder.toString());
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
