package io.tandemmail.worker.dkim;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's python3-dkim: a verifier that shares no code with ours. */
public final class PythonDkim {
  private static final Path PYTHON = Path.of("/usr/bin/python3");
  private static final int WAIT_SECONDS = 60;

  /** Prints, for each DKIM-Signature field from the top, whether it holds against the records given as name=text. */
  private static final String SCRIPT =
      """
      import sys, dkim
      records = dict(arg.split('=', 1) for arg in sys.argv[1:])
      message = sys.stdin.buffer.read()
      def txt(name, timeout=5):
          found = records.get(name.decode().rstrip('.'))
          return found.encode() if found else None
      count = sum(1 for name, value in dkim.rfc822_parse(message)[0] if name.lower() == b'dkim-signature')
      for i in range(count):
          try:
              print(dkim.DKIM(message, minkey=2048).verify(idx=i, dnsfunc=txt))
          except dkim.DKIMException as e:
              print(type(e).__name__, e)
      """;

  private PythonDkim() {}

  /** Whether it is installed; where not, says so in one line. */
  public static boolean isHere(String test) throws IOException, InterruptedException {
    boolean here =
        Files.isExecutable(PYTHON)
            && run(List.of("-c", "import dkim, nacl"), new byte[0]).exit == 0;
    if (!here) {
      System.out.println(
          test + " did not run: python3-dkim is not here (apt-get install python3-dkim)");
    }
    return here;
  }

  /** A line for each signature: {@code True}, {@code False}, or why not. */
  public static List<String> verify(byte[] message, List<KeyRecord> published)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("-c", SCRIPT));
    published.forEach(record -> arguments.add(record.name() + "=" + record.text()));
    Run run = run(arguments, message);
    if (run.exit != 0) {
      throw new IOException("python3 ended with " + run.exit + ": " + run.output);
    }
    return run.output.lines().toList();
  }

  private record Run(int exit, String output) {}

  private static Run run(List<String> arguments, byte[] input)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(PYTHON.toString()));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input);
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("python3 did not end: " + output);
    }
    return new Run(process.exitValue(), output);
  }
}
