package io.tandemmail.e2e.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A certificate for localhost and the authority that signed it, made by openssl for one test.
 *
 * @param authority PEM, for {@code trust-store}
 * @param chain PEM, the server's certificate first
 * @param key PEM, the server's
 */
record Certificates(Path authority, Path chain, Path key) {
  static Certificates create(Path folder) throws IOException, InterruptedException {
    Path authority = folder.resolve("authority.pem");
    Path authorityKey = folder.resolve("authority.key");
    Path key = folder.resolve("server.key");
    Path request = folder.resolve("server.csr");
    Path server = folder.resolve("server.pem");
    Path names =
        Files.writeString(
            folder.resolve("server.ext"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
    openssl(
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout %s -out %s"
            .formatted(authorityKey, authority));
    openssl(
        "req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout %s -out %s"
            .formatted(key, request));
    openssl(
        "x509 -req -days 2 -in %s -CA %s -CAkey %s -CAcreateserial -extfile %s -out %s"
            .formatted(request, authority, authorityKey, names, server));
    Path chain =
        Files.writeString(
            folder.resolve("chain.pem"), Files.readString(server) + Files.readString(authority));
    return new Certificates(authority, chain, key);
  }

  private static void openssl(String arguments) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(("openssl " + arguments).split(" ")).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IOException("openssl " + arguments + ": " + output);
    }
  }
}
