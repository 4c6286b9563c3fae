package io.tandemmail.standalone.command;

import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.worker.dkim.DkimKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code check}: the configuration, and whether the files it names can be read. */
@Command(
    name = "check",
    description = "Checks the configuration; 1 on a problem, 78 when it cannot be read.",
    mixinStandardHelpOptions = true)
public final class CheckCommand implements Callable<Integer> {
  @Mixin ConfigOption config = new ConfigOption();

  @Override
  public Integer call() {
    Settings settings = config.read();
    List<String> problems = new ArrayList<>();
    settings
        .servers()
        .values()
        .forEach(server ->
            Stream.of(
                    server.security().credentials().map(c -> c.passwordFile()),
                    server.security().trustStore())
                .flatMap(Optional::stream)
                .filter(file -> !Files.isReadable(file))
                .forEach(file -> problems.add("servers." + server.id() + ": cannot read " + file)));
    settings
        .ingest()
        .apiKeysFile()
        .filter(file -> !Files.isReadable(file))
        .map(Path::toString)
        .ifPresent(file -> problems.add("ingest.api-keys-file: cannot read " + file));
    DkimKeys dkim = DkimKeys.read(settings);
    problems.addAll(dkim.problems());
    dkim.warnings().forEach(warning -> System.out.println("WARNING DKIM key " + warning));
    for (RouteSettings route : settings.routes().values()) {
      String secondaries =
          route.secondaries().isEmpty() ? "(none)" : String.join(", ", route.secondaries());
      System.out.printf(
          "route  %-16s primary %-16s secondary %s%n", route.id(), route.primary(), secondaries);
      route
          .dkim()
          .forEach(key ->
              System.out.printf(
                  "dkim   %-16s signs for %s, selector %s%n",
                  route.id(), key.domain(), key.selector()));
      if (route.secondaries().isEmpty()) {
        problems.add(
            "routes."
                + route.id()
                + ": has no secondary; its mail waits while "
                + route.primary()
                + " is down");
      }
    }
    settings
        .servers()
        .values()
        .forEach(server ->
            System.out.printf(
                "server %-16s %s:%d tls %s, %d connections%n",
                server.id(),
                server.host(),
                server.port(),
                server.security().tls().name().toLowerCase(Locale.ROOT),
                server.limits().maxConnections()));
    problems.forEach(problem -> System.out.println("PROBLEM " + problem));
    System.out.println("configuration " + settings.hash() + ": " + problems.size() + " problem(s)");
    return problems.isEmpty() ? 0 : Exit.NO;
  }
}
