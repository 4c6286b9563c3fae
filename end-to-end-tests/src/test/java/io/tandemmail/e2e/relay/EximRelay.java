package io.tandemmail.e2e.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Debian's Exim: mail only over TLS and only after AUTH PLAIN; everything goes on to one port. */
final class EximRelay {
  static final String USER = "tandem";
  static final String PASSWORD = "right";

  private EximRelay() {}

  static UnpackedServer start(Path exim, Path folder, Certificates tls, int port, int relayPort)
      throws IOException {
    Path spool = Files.createDirectories(folder.resolve("spool"));
    Path log = Files.createDirectories(folder.resolve("log"));
    Path config =
        Files.writeString(
            folder.resolve("exim.conf"),
            """
            exim_path = %1$s
            spool_directory = %2$s
            log_file_path = %3$s/%%s.log
            pid_file_path = %2$s/exim.pid
            primary_hostname = relay.example.com
            local_interfaces = 127.0.0.1
            daemon_smtp_ports = %4$d
            deliver_drop_privilege = true
            host_lookup =
            rfc1413_query_timeout = 0s
            smtp_accept_queue_per_connection = 0
            tls_advertise_hosts = *
            tls_certificate = %5$s
            tls_privatekey = %6$s
            auth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}
            acl_smtp_rcpt = check_rcpt
            acl_smtp_data = accept
            keep_environment =
            begin acl
            check_rcpt:
              accept authenticated = *
              deny message = authenticate first
            begin routers
            behind:
              driver = manualroute
              transport = behind
              route_list = * 127.0.0.1 byname
              self = send
            begin transports
            behind:
              driver = smtp
              port = %7$d
              allow_localhost
              hosts_avoid_tls = *
            begin retry
            * * F,1h,1s
            begin authenticators
            plain:
              driver = plaintext
              public_name = PLAIN
              server_prompts = :
              server_condition = ${if and{{eq{$auth2}{%8$s}}{eq{$auth3}{%9$s}}}}
              server_set_id = $auth2
            """
                .formatted(
                    exim, spool, log, port, tls.chain(), tls.key(), relayPort, USER, PASSWORD));
    // The key is read by Exim's user in the process that talks to the client.
    String preparation = "chown Debian-exim:Debian-exim %s %s %s".formatted(spool, log, tls.key());
    return UnpackedServer.start(folder, preparation, exim + " -bdf -q2s -C " + config)
        .awaitPort(port);
  }
}
