package io.tandemmail.e2e.relay;

import io.tandemmail.e2e.Submissions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Debian's OpenSMTPD behind stunnel, which speaks the TLS.
 *
 * <p>OpenSMTPD 6.8 cannot do it itself where it is linked to OpenSSL 3, as it is in Debian 12: its key is in a process of its
 * own that this OpenSSL does not ask, and every handshake ends in "missing private key" (its issues 1171 and 1239).
 */
final class OpenSmtpdRelay {
  private OpenSmtpdRelay() {}

  /**
   * @param port for implicit TLS
   */
  static UnpackedServer start(Path smtpd, Path folder, Certificates tls, int port, int relayPort)
      throws IOException {
    int clear = Submissions.freePort();
    Path config =
        Files.writeString(
            folder.resolve("smtpd.conf"),
            """
            listen on 127.0.0.1 port %d hostname relay.example.com
            action "behind" relay host "smtp://127.0.0.1:%d"
            match from any for any action "behind"
            """
                .formatted(clear, relayPort));
    Path tunnel =
        Files.writeString(
            folder.resolve("stunnel.conf"),
            """
            foreground = yes
            debug = info
            pid =
            [smtps]
            accept = 127.0.0.1:%d
            connect = 127.0.0.1:%d
            cert = %s
            key = %s
            """
                .formatted(port, clear, tls.chain(), tls.key()));
    // Its queue, socket and empty root are compiled in.
    String preparation =
        """
        for folder in /run /var/lib /var/spool; do mount -t tmpfs -o mode=755 none $folder; done
        mkdir -p /var/lib/opensmtpd/empty
        chmod 600 %s
        stunnel4 %s &
        """
            .formatted(tls.key(), tunnel);
    return UnpackedServer.start(folder, preparation, smtpd + " -d -f " + config)
        .awaitPort(clear)
        .awaitPort(port);
  }
}
