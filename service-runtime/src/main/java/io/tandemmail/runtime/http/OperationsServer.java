package io.tandemmail.runtime.http;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tandemmail.model.settings.HttpAddress;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.GracefulHandler;

/** Javalin with bounds on slow and large requests, virtual threads, and the endpoints an orchestrator asks for. */
public final class OperationsServer implements AutoCloseable {
  private static final int REQUEST_HEADER_BYTES_MAX = 16 << 10;
  private static final long IDLE_TIMEOUT_MILLIS = 30_000;

  /** What was begun may be answered before the server is gone; longer than any answer takes. */
  private static final long STOP_TIMEOUT_MILLIS = 6_000;

  private final Javalin javalin;
  private final String host;

  private OperationsServer(Javalin javalin, String host) {
    this.javalin = javalin;
    this.host = host;
  }

  /**
   * @param configKey the setting to blame when the port is taken, such as {@code ingest.http.port}
   * @param registry what {@code /metrics} shows
   * @param notReady why the service cannot serve now; empty when it can
   * @param routes what the service adds
   * @throws AddressInUse when the port is taken
   * @throws IllegalArgumentException when this machine cannot listen there at all
   */
  public static OperationsServer start(
      HttpAddress address,
      String configKey,
      PrometheusMeterRegistry registry,
      Supplier<Optional<String>> notReady,
      Consumer<JavalinConfig> routes) {
    Javalin javalin =
        Javalin.create(config -> {
          config.concurrency.useVirtualThreads = true;
          config.startup.showJavalinBanner = false;
          config.jetty.modifyHttpConfiguration(OperationsServer::bound);
          config.jetty.modifyServer(OperationsServer::stopGracefully);
          config.routes.get("/livez", ctx -> ctx.result("ok\n"));
          config.routes.get(
              "/readyz",
              ctx -> {
                Optional<String> reason = notReady.get();
                ctx.status(reason.isEmpty() ? 200 : 503).result(reason.orElse("ok") + "\n");
              });
          config.routes.get(
              "/metrics",
              ctx ->
                  ctx.contentType("text/plain; version=0.0.4; charset=utf-8")
                      .result(registry.scrape()));
          routes.accept(config);
        });
    try {
      javalin.start(address.address(), address.port());
    } catch (RuntimeException e) {
      javalin.stop();
      throw explained(e, address, configKey);
    }
    return new OperationsServer(javalin, reachable(address));
  }

  public int port() {
    return javalin.port();
  }

  /** {@code host:port} under which others reach this service. */
  public String hostAndPort() {
    return host + ":" + port();
  }

  public String url() {
    return "http://" + hostAndPort();
  }

  @Override
  public void close() {
    javalin.stop();
  }

  private static void bound(HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(REQUEST_HEADER_BYTES_MAX);
    http.setIdleTimeout(IDLE_TIMEOUT_MILLIS);
  }

  /** Jetty forgets requests in flight unless told to wait; a submitter would not learn that its mail is durable. */
  private static void stopGracefully(Server server) {
    server.setStopTimeout(STOP_TIMEOUT_MILLIS);
    server.setHandler(new GracefulHandler());
    server.setErrorHandler(new ProblemErrors());
  }

  /** Javalin calls every failed bind a port in use; only the innermost cause tells. */
  private static RuntimeException explained(
      RuntimeException failure, HttpAddress address, String configKey) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof SocketException && "Address already in use".equals(cause.getMessage())) {
      return new AddressInUse(address.address(), address.port(), configKey, failure);
    }
    if (cause instanceof SocketException || cause instanceof UnresolvedAddressException) {
      String why = cause instanceof SocketException ? cause.getMessage() : "unknown host";
      return new IllegalArgumentException(
          "cannot listen on %s:%d: %s; choose an address and port of this machine (%s)"
              .formatted(address.address(), address.port(), why, configKey),
          failure);
    }
    return failure;
  }

  /** A wildcard address is no place to connect to: the host's own name is what containers reach each other by. */
  private static String reachable(HttpAddress address) {
    if (!address.address().equals("0.0.0.0") && !address.address().equals("::")) {
      // RFC 3986 section 3.2.2: an IPv6 address in a URI stands in brackets.
      return address.address().contains(":") ? "[" + address.address() + "]" : address.address();
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "127.0.0.1";
    }
  }
}
