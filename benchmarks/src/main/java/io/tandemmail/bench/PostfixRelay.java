package io.tandemmail.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Debian's Postfix as a relay of its own: configuration, queue and port apart from any that runs on this machine. */
public final class PostfixRelay implements AutoCloseable {
  private final Path config;

  private PostfixRelay(Path config) {
    this.config = config;
  }

  /**
   * @param folder empty; configuration, queue and log go there
   * @param relayPort where it sends everything, on this machine
   */
  public static PostfixRelay start(Path folder, int port, int relayPort)
      throws IOException, InterruptedException {
    return start(folder, port, relayPort, "");
  }

  /**
   * @param settings lines of main.cf to come after its own, each with its line end
   */
  public static PostfixRelay start(Path folder, int port, int relayPort, String settings)
      throws IOException, InterruptedException {
    Path config = Files.createDirectories(folder.resolve("postfix"));
    Path queue = Files.createDirectories(folder.resolve("queue"));
    Path data = Files.createDirectories(folder.resolve("data"));
    Files.writeString(
        config.resolve("main.cf"),
        """
        compatibility_level = 3.6
        command_directory = /usr/sbin
        daemon_directory = /usr/lib/postfix/sbin
        queue_directory = %s
        data_directory = %s
        mail_owner = postfix
        setgid_group = postdrop
        myhostname = relay.example.com
        mydestination =
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        mynetworks = 127.0.0.0/8
        relayhost = [127.0.0.1]:%d
        smtp_host_lookup = native
        disable_dns_lookups = yes
        smtpd_client_connection_count_limit = 0
        maillog_file = %s
        maillog_file_prefixes = /
        alias_maps =
        """
                .formatted(queue, data, relayPort, folder.resolve("postfix.log"))
            + settings);
    Files.writeString(
        config.resolve("master.cf"),
        """
        127.0.0.1:%d inet n - n - - smtpd
        pickup    unix  n - n 60  1 pickup
        cleanup   unix  n - n -   0 cleanup
        qmgr      unix  n - n 300 1 qmgr
        rewrite   unix  - - n -   - trivial-rewrite
        bounce    unix  - - n -   0 bounce
        defer     unix  - - n -   0 bounce
        trace     unix  - - n -   0 bounce
        flush     unix  n - n 1000? 0 flush
        proxymap  unix  - - n -   - proxymap
        smtp      unix  - - n -   - smtp
        relay     unix  - - n -   - smtp
        showq     unix  n - n -   - showq
        error     unix  - - n -   - error
        retry     unix  - - n -   - error
        anvil     unix  - - n -   1 anvil
        scache    unix  - - n -   1 scache
        tlsmgr    unix  - - n 1000? 1 tlsmgr
        postlog   unix-dgram n - n - 1 postlogd
        """
            .formatted(port));
    PostfixTools.run("chown", "-R", "postfix", data.toString());
    PostfixTools.run("chmod", "755", folder.toString());
    PostfixTools.run(PostfixTools.POSTFIX.toString(), "-c", config.toString(), "start");
    return new PostfixRelay(config);
  }

  /** After it was stopped or killed, with the queue it had. */
  public void startAgain() throws IOException, InterruptedException {
    PostfixTools.run(PostfixTools.POSTFIX.toString(), "-c", config.toString(), "start");
  }

  @Override
  public void close() throws IOException, InterruptedException {
    PostfixTools.run(PostfixTools.POSTFIX.toString(), "-c", config.toString(), "stop");
  }
}
