package io.tandemmail.standalone;

import io.tandemmail.runtime.http.AddressInUse;
import io.tandemmail.runtime.lanes.LaneLagReader;
import io.tandemmail.runtime.topics.TopicAdmin;
import io.tandemmail.standalone.broker.EmbeddedBroker;
import io.tandemmail.standalone.command.BounceCommand;
import io.tandemmail.standalone.command.CheckCommand;
import io.tandemmail.standalone.command.DemoCommand;
import io.tandemmail.standalone.command.DkimCommand;
import io.tandemmail.standalone.command.DrillCommand;
import io.tandemmail.standalone.command.Exit;
import io.tandemmail.standalone.command.InDoubtCommand;
import io.tandemmail.standalone.command.MessageCommand;
import io.tandemmail.standalone.command.SendCommand;
import io.tandemmail.standalone.command.ServerCommands;
import io.tandemmail.standalone.command.ServiceCommands;
import io.tandemmail.standalone.command.SinkCommand;
import io.tandemmail.standalone.command.StatusCommand;
import io.tandemmail.standalone.command.SuppressCommands;
import io.tandemmail.standalone.command.TopicsCommand;
import io.tandemmail.standalone.command.WhatIfCommand;
import io.tandemmail.worker.dkim.DkimKeys;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code tandem}: finds the command, runs it, turns what failed into one line what, one line what to do, and a code. */
@Command(
    name = "tandem",
    description = "Outbound e-mail through a primary and a secondary server, on Kafka.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.ShowVersion.class,
    subcommands = {
      DemoCommand.class,
      ServiceCommands.Standalone.class,
      ServiceCommands.Ingest.class,
      ServiceCommands.Router.class,
      ServiceCommands.Worker.class,
      ServiceCommands.Console.class,
      ServiceCommands.Broker.class,
      TopicsCommand.class,
      CheckCommand.class,
      DrillCommand.class,
      DkimCommand.class,
      StatusCommand.class,
      ServerCommands.class,
      SendCommand.class,
      MessageCommand.class,
      InDoubtCommand.class,
      SuppressCommands.class,
      BounceCommand.class,
      WhatIfCommand.class,
      SinkCommand.class
    })
public final class Main {
  /** Says the build's version. */
  static final class ShowVersion implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"tandem " + Version.text()};
    }
  }

  private Main() {}

  public static void main(String[] args) {
    boolean story = args.length > 0 && args[0].equals("demo");
    if (story && System.getenv("TANDEM_LOG_LEVEL") == null) {
      // The demo kills a mail server; its story is on standard output, the expected warnings would
      // drown it.
      System.setProperty("TANDEM_LOG_LEVEL", "ERROR");
      System.setProperty("TANDEM_KAFKA_LOG_LEVEL", "OFF");
    }
    System.exit(run(args));
  }

  /** The exit code: 0 done, 1 the answer is no, 2 usage, 69 service unavailable, 78 configuration. */
  static int run(String[] args) {
    return new CommandLine(new Main())
        .setExecutionExceptionHandler((e, line, parsed) -> explain(e))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .execute(args);
  }

  private static int explain(Exception e) {
    return switch (e) {
      case Exit exit -> {
        exit.lines().forEach(System.err::println);
        yield exit.code();
      }
      case DkimKeys.UnusableKeys keys -> {
        keys.problems().forEach(problem -> System.err.println("tandem: " + problem));
        yield Exit.CONFIGURATION;
      }
      case AddressInUse inUse -> fail(inUse.getMessage(), Exit.CONFIGURATION);
      case EmbeddedBroker.CannotStart cannot -> fail(cannot.getMessage(), Exit.CONFIGURATION);
      case EmbeddedBroker.DiskFull full -> fail(full.getMessage(), Exit.UNAVAILABLE);
      case Cluster.EmbeddedMismatch mismatch -> fail(mismatch.getMessage(), Exit.CONFIGURATION);
      case IllegalArgumentException wrong ->
          fail(String.valueOf(wrong.getMessage()), Exit.CONFIGURATION);
      case TopicAdmin.ClusterUnavailable away -> fail(away.getMessage(), Exit.UNAVAILABLE);
      case LaneLagReader.Unavailable away -> fail(away.getMessage(), Exit.UNAVAILABLE);
      default -> {
        e.printStackTrace();
        yield fail("this is a defect of tandem; please report it with the lines above", 70);
      }
    };
  }

  private static int fail(@Nullable String message, int code) {
    System.err.println("tandem: " + message);
    return code;
  }
}
