package io.tandemmail.bench;

import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.model.settings.ServerSettings.ClientIdentity;
import io.tandemmail.model.settings.ServerSettings.Limits;
import io.tandemmail.model.settings.ServerSettings.Security;
import io.tandemmail.model.settings.ServerSettings.Timing;
import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.SinkConfig;
import io.tandemmail.sink.SinkConfig.Extension;
import io.tandemmail.smtp.ConnectResult;
import io.tandemmail.smtp.Lookahead;
import io.tandemmail.smtp.MailTransaction;
import io.tandemmail.smtp.ServerEndpoint;
import io.tandemmail.smtp.SmtpSession;
import io.tandemmail.smtp.engine.PipeliningSmtpTransport;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A distant server: every round trip takes 20 ms. The engine and Angus's transport, four connections each. */
final class RoundTripRun {
  private static final Duration ROUND_TRIP = Duration.ofMillis(20);
  private static final int CONNECTIONS = 4;
  private static final byte[] CONTENT = BenchMessage.content();

  private RoundTripRun() {}

  static void print(int messages) throws IOException, InterruptedException, ExecutionException {
    double angus = perSecond(messages / 4, SinkConfig.named("distant"), RoundTripRun::angus);
    double chunks = perSecond(messages, SinkConfig.named("distant"), RoundTripRun::engine);
    double data =
        perSecond(
            messages,
            SinkConfig.named("distant").without(Extension.CHUNKING),
            RoundTripRun::engine);
    System.out.printf("%d connections, round trip %d ms%n", CONNECTIONS, ROUND_TRIP.toMillis());
    System.out.printf("%-36s %,12.0f messages/s%n", "Angus", angus);
    System.out.printf("%-36s %,12.0f messages/s %6.1f x%n", "engine, DATA", data, data / angus);
    System.out.printf("%-36s %,12.0f messages/s %6.1f x%n", "engine, BDAT", chunks, chunks / angus);
  }

  private interface Client {
    void deliver(int port, int messages) throws MessagingException;
  }

  private static double perSecond(int messages, SinkConfig sink, Client client)
      throws IOException, InterruptedException, ExecutionException {
    try (MailSink server = MailSink.start(sink);
        ExecutorService connections = Executors.newVirtualThreadPerTaskExecutor()) {
      server.setLatency(ROUND_TRIP);
      long startNanos = System.nanoTime();
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        Callable<Void> connection =
            () -> {
              client.deliver(server.port(), messages / CONNECTIONS);
              return null;
            };
        running.add(connections.submit(connection));
      }
      for (Future<?> each : running) {
        each.get();
      }
      double seconds = (System.nanoTime() - startNanos) / 1e9;
      return server.counts().accepted() / seconds;
    }
  }

  private static void engine(int port, int messages) {
    try (PipeliningSmtpTransport transport = new PipeliningSmtpTransport()) {
      if (!(transport.connect(endpoint(port)) instanceof ConnectResult.Connected connected)) {
        throw new IllegalStateException("the sink does not answer");
      }
      try (SmtpSession session = connected.session()) {
        Line line = new Line(messages);
        for (MailTransaction mail = line.take(); mail != null; mail = line.take()) {
          session.deliver(mail, () -> true, line);
        }
      }
    }
  }

  /** Always has a next message, until there is none. */
  private static final class Line implements Lookahead {
    private int left;
    private @Nullable MailTransaction ahead;

    Line(int messages) {
      left = messages;
    }

    @Nullable MailTransaction take() {
      MailTransaction next = ahead == null ? make() : ahead;
      ahead = null;
      return next;
    }

    @Override
    public Optional<MailTransaction> next() {
      ahead = make();
      return Optional.ofNullable(ahead);
    }

    @Override
    public void withdrawn() {}

    private @Nullable MailTransaction make() {
      return left-- > 0
          ? new MailTransaction(BenchMessage.REVERSE_PATH, List.of(BenchMessage.RECIPIENT), CONTENT)
          : null;
    }
  }

  private static void angus(int port, int messages) throws MessagingException {
    Properties properties = new Properties();
    properties.setProperty("mail.smtp.localhost", "localhost");
    Session session = Session.getInstance(properties);
    MimeMessage message = new MimeMessage(session, new ByteArrayInputStream(CONTENT));
    Address[] to = {new InternetAddress(BenchMessage.RECIPIENT)};
    try (Transport transport = session.getTransport("smtp")) {
      transport.connect("127.0.0.1", port, null, null);
      for (int i = 0; i < messages; i++) {
        transport.sendMessage(message, to);
      }
    }
  }

  private static ServerEndpoint endpoint(int port) {
    ServerSettings server =
        new ServerSettings(
            "distant",
            "127.0.0.1",
            port,
            Security.NONE,
            new Limits(CONNECTIONS, Integer.MAX_VALUE, OptionalDouble.empty(), Duration.ofHours(1)),
            Timing.DEFAULT,
            ClientIdentity.DEFAULT);
    return ServerEndpoint.of(server, "localhost");
  }
}
