package io.tandemmail.sink;

import io.tandemmail.sink.process.SinkArguments;
import io.tandemmail.sink.process.SinkControl;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The sink as a process. */
public final class SinkMain {
  private static final int USAGE = 2;
  private static final int UNAVAILABLE = 69;

  private SinkMain() {}

  public static void main(String[] args) throws InterruptedException {
    System.exit(run(args));
  }

  /** Runs until the process is told to end. Returns the exit code when it cannot. */
  public static int run(String[] args) throws InterruptedException {
    return switch (SinkArguments.parse(List.of(args))) {
      case SinkArguments.Wrong(String problem) -> {
        System.err.println("sink: " + problem);
        System.err.println("tandem sink --help lists the options");
        yield USAGE;
      }
      case SinkArguments.Help(List<String> lines) -> {
        System.out.println("Usage: tandem sink [OPTION]…   (--without may be repeated)");
        lines.forEach(System.out::println);
        yield 0;
      }
      case SinkArguments.Right(SinkArguments arguments) -> run(arguments);
    };
  }

  private static void serve(SinkArguments arguments) throws IOException, InterruptedException {
    SinkConfig config = arguments.config();
    MailSink sink = MailSink.start(config);
    sink.behave(arguments.behaviour());
    sink.setLatency(arguments.latency());
    if (arguments.controlPort() > 0) {
      SinkControl.start(sink, arguments.controlPort());
    }
    System.out.println(
        "sink " + config.name() + " listening on " + config.address() + ":" + sink.port());
    Runtime.getRuntime().addShutdownHook(new Thread(sink::close));
    new CountDownLatch(1).await();
  }

  private static int run(SinkArguments arguments) throws InterruptedException {
    SinkConfig config = arguments.config();
    try {
      serve(arguments);
      return 0;
    } catch (IOException | IllegalArgumentException e) {
      System.err.println(
          "sink: cannot start on "
              + config.address()
              + ":"
              + config.port()
              + ": "
              + e.getMessage());
      System.err.println("choose another --port, --http or --log, or end what uses it");
      return UNAVAILABLE;
    }
  }
}
