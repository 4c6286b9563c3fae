package io.tandemmail.standalone.command;

import io.tandemmail.standalone.Trial;
import io.tandemmail.standalone.demo.Demo;
import io.tandemmail.standalone.demo.DemoOptions;
import io.tandemmail.standalone.demo.DemoReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code demo}. */
@Command(
    name = "demo",
    description = "Watch a failover: mail through a primary that dies midway and comes back.",
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
  private static final Pattern FAIL = Pattern.compile("primary@(\\d{1,2})%");

  @Option(names = "--messages", defaultValue = "5000", description = "default: ${DEFAULT-VALUE}")
  int messages;

  @Option(
      names = "--rate",
      defaultValue = "0",
      description = "messages per second; default: all within about 20 s")
  int rate;

  @Option(
      names = "--fail",
      defaultValue = "primary@50%",
      description = "when the primary dies (default: ${DEFAULT-VALUE})")
  String fail = "primary@50%";

  @Option(names = "--json", paramLabel = "FILE", description = "write the report there, too")
  Optional<Path> json = Optional.empty();

  @Option(names = "--hold", description = "keep everything running until interrupted")
  boolean hold;

  @Override
  public Integer call() throws Exception {
    Matcher when = FAIL.matcher(fail);
    if (!when.matches()) {
      throw new Exit(2, "--fail " + fail + " is not understood", "write it like primary@50%");
    }
    if (messages < 100 || messages > 10_000_000) {
      throw new Exit(
          2, "--messages " + messages + " is out of range", "choose from 100 to 10000000");
    }
    DemoOptions options = new DemoOptions(messages, rate, Integer.parseInt(when.group(1)), hold);
    DemoReport report = Trial.run(new Demo(options, System.out)::run);
    if (json.isPresent()) {
      Files.write(json.get(), report.json());
    }
    return report.exactlyOnce() ? 0 : Exit.NO;
  }
}
