package io.tandemmail.runtime.config;

import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.Settings;
import io.tandemmail.model.settings.SettingsChange;
import io.tandemmail.model.settings.SettingsReader;
import io.tandemmail.model.settings.SettingsResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file behind a running service's settings. Its content, and that of the key files it names, is looked at every second;
 * what has changed and then stood still for a second is read. A configuration that is not valid as a whole, or that a gate
 * does not let pass, changes nothing; the log says why, once.
 */
public final class ConfigFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigFile.class);
  private static final long LOOK_EVERY_MILLIS = 1_000;

  private final Path file;
  private final Map<String, String> environment;
  private final Live<Settings> settings;
  private final List<Gate> gates = new ArrayList<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("config").factory());
  private long applied;
  private long lastSeen;
  private String lastSaid = "";

  /**
   * @param environment whose {@code TANDEM_…} variables go before the file
   * @param yaml what the file contained when {@code running} was read from it
   * @param running the settings in use, replaced by what the file comes to say
   */
  public ConfigFile(
      Path file, Map<String, String> environment, String yaml, Live<Settings> running) {
    this.file = file;
    this.environment = Map.copyOf(environment);
    this.settings = running;
    this.applied = fingerprint(yaml.getBytes(StandardCharsets.UTF_8), running.get());
    this.lastSeen = applied;
  }

  /** Asked before a valid configuration is taken on. */
  @FunctionalInterface
  public interface Gate {
    /** Returns to let it pass. */
    void pass(Settings next) throws Refused;
  }

  /** Not now, or not so: nothing was changed. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean temporary;

    private Refused(String why, boolean temporary) {
      super(why);
      this.temporary = temporary;
    }

    /** Somebody has to do something. */
    public static Refused because(String why) {
      return new Refused(why, false);
    }

    /** It will pass by itself; asked again every second. */
    public static Refused untilLater(String why) {
      return new Refused(why, true);
    }
  }

  /** In the order they are asked. */
  public synchronized ConfigFile withGate(Gate gate) {
    gates.add(gate);
    return this;
  }

  /** From now on changes are taken on. */
  public ConfigFile watch() {
    timer.scheduleWithFixedDelay(
        this::look, LOOK_EVERY_MILLIS, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    return this;
  }

  /** Reads the file now, changed or not; for an operator who asks. */
  public void readNow() {
    timer.execute(() -> {
      synchronized (this) {
        lastSaid = "";
        take(fingerprint(settings.get()));
      }
    });
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  /** One look: takes on what differs from what runs and has not changed since the look before. */
  synchronized void look() {
    try {
      long seen = fingerprint(settings.get());
      boolean stands = seen == lastSeen;
      lastSeen = seen;
      if (stands && seen != applied) {
        take(seen);
      }
    } catch (RuntimeException e) {
      LOG.error("cannot look at {}; what runs goes on", file, e);
    }
  }

  private void take(long seen) {
    try {
      Settings next = read();
      for (Gate gate : gates) {
        gate.pass(next);
      }
      settings.set(next);
      applied = fingerprint(next);
      lastSeen = applied;
      lastSaid = "";
      LOG.info("configuration {} is in use", next.hash());
    } catch (Refused refused) {
      // What waits for others is tried at the next look; what is wrong, when the file changes.
      applied = refused.temporary ? applied : seen;
      say(String.valueOf(refused.getMessage()));
    } catch (IOException | RuntimeException e) {
      applied = seen;
      say(String.valueOf(e.getMessage()));
    }
  }

  private Settings read() throws IOException, Refused {
    SettingsResult result =
        SettingsReader.read(file.toString(), Files.readString(file), environment);
    return switch (result) {
      case SettingsResult.Invalid invalid ->
          throw Refused.because(
              String.join("\n  ", invalid.problems().stream().map(Object::toString).toList()));
      case SettingsResult.Valid valid -> {
        Settings running = settings.get();
        Settings next = valid.settings();
        if (next.kafka().embedded().isPresent()) {
          // Its port was filled in at the start.
          next = next.withKafka(next.kafka().at(running.kafka().bootstrapServers()));
        }
        List<String> fixed = SettingsChange.needsRestart(running, next);
        if (!fixed.isEmpty()) {
          throw Refused.because(
              "a change of " + String.join(", ", fixed) + " needs a restart of the service");
        }
        valid.warnings().forEach(warning -> LOG.warn("{}", warning));
        yield next;
      }
    };
  }

  private void say(String why) {
    if (!why.equals(lastSaid)) {
      lastSaid = why;
      LOG.error(
          "{} is not taken on, configuration {} goes on: {}", file, settings.get().hash(), why);
    }
  }

  /** Of the file and of the key files that the settings in use name. */
  private long fingerprint(Settings named) {
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (IOException e) {
      content = new byte[0];
    }
    return fingerprint(content, named);
  }

  private static long fingerprint(byte[] content, Settings named) {
    CRC32C sum = new CRC32C();
    sum.update(content);
    named.ingest().apiKeysFile().ifPresent(keys -> add(sum, keys));
    for (RouteSettings route : named.routes().values()) {
      route.dkim().forEach(key -> add(sum, key.keyFile()));
    }
    return sum.getValue();
  }

  private static void add(CRC32C sum, Path path) {
    try {
      sum.update(Files.readAllBytes(path));
    } catch (IOException e) {
      sum.update(String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8));
    }
  }
}
