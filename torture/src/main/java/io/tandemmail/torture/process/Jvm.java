package io.tandemmail.torture.process;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * How programs of ours are started here.
 *
 * @param classPath of the distribution
 * @param flags small heaps and the first compiler only: a dozen JVMs that live for minutes share few processors
 * @param clocks of their own, where a fault is to set them
 */
public record Jvm(String classPath, List<String> flags, Optional<Clocks> clocks) {
  private static final String FIRST_COMPILER = "-XX:TieredStopAtLevel=1";
  private static final List<String> SMALL =
      List.of(
          "-XX:+UseSerialGC",
          FIRST_COMPILER,
          "-XX:-UsePerfData",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  public Jvm {
    flags = List.copyOf(flags);
  }

  public static Jvm of(String classPath) {
    return new Jvm(classPath, SMALL, Optional.empty());
  }

  public Jvm with(Clocks ownClocks) {
    return new Jvm(classPath, flags, Optional.of(ownClocks));
  }

  public Jvm with(String flag) {
    List<String> more = new ArrayList<>(flags);
    more.add(flag);
    return new Jvm(classPath, more, clocks);
  }

  /**
   * The jars of a built distribution: {@code tandem.jar}, and {@code lib} beside it. In the launcher's order, and with the
   * start cache that it has made there of these jars, if any.
   */
  public static Jvm ofDistribution(Path folder) {
    Path absolute = folder.toAbsolutePath().normalize();
    StringJoiner classPath = new StringJoiner(":");
    classPath.add(absolute.resolve("tandem.jar").toString());
    File[] libraries =
        absolute.resolve("lib").toFile().listFiles((lib, jar) -> jar.endsWith(".jar"));
    if (libraries != null) {
      Arrays.sort(libraries);
      for (File library : libraries) {
        classPath.add(library.toString());
      }
    }
    Jvm plain = of(classPath.toString());
    return StartCache.in(absolute)
        .map(cache -> plain.with("-XX:AOTCache=" + cache).with("-Xlog:aot*=off,cds*=off"))
        .orElse(plain);
  }

  /** For who lives long enough to get back what the second compiler takes: minutes of all processors, at the start. */
  public Jvm compilingFully() {
    return new Jvm(
        classPath, flags.stream().filter(flag -> !flag.equals(FIRST_COMPILER)).toList(), clocks);
  }

  List<String> command(int heapMib, List<String> mainAndArguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heapMib + "m");
    command.addAll(flags);
    command.add("-cp");
    command.add(classPath);
    command.addAll(mainAndArguments);
    return command;
  }
}
