package io.tandemmail.standalone.command;

import io.tandemmail.sink.SinkMain;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** {@code sink}: a mail server that records and never relays. Its options are the sink's own, {@code --help} included. */
@Command(name = "sink", description = "A mail sink for trials and tests; see docs/mail-sink.md.")
public final class SinkCommand implements Callable<Integer> {
  @Unmatched List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws InterruptedException {
    return SinkMain.run(arguments.toArray(String[]::new));
  }
}
