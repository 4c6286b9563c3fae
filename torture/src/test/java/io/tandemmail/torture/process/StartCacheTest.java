package io.tandemmail.torture.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start cache is used with the jars it was made of and with no others: the JVM would run the classes of then. */
class StartCacheTest {
  @TempDir Path folder;

  @BeforeEach
  void anImageOfAProgramThatSaysWhoItIs() throws Exception {
    Files.createDirectory(folder.resolve("lib"));
    Files.copy(Path.of("../tandem"), folder.resolve("tandem"));
    program("the first");
    launch("learn-start");
  }

  @Test
  void itIsUsedWithTheJarsItWasMadeOf() throws Exception {
    assertThat(StartCache.in(folder)).contains(folder.resolve("tandem.aot"));
    assertThat(launch("--version")).contains("the first", "-XX:AOTCache=");
  }

  @Test
  void aJarThatHasChangedRunsAsItIs() throws Exception {
    program("another one");

    assertThat(StartCache.in(folder)).isEmpty();
    assertThat(launch("--version")).contains("another one").doesNotContain("-XX:AOTCache=");
    launch("learn-start");
    assertThat(launch("--version")).contains("another one", "-XX:AOTCache=");
  }

  private void program(String name) throws IOException {
    Path source = folder.resolve("Main.java");
    Files.writeString(
        source,
        """
        package io.tandemmail.standalone;
        public class Main {
          public static void main(String[] arguments) {
            System.out.println("%s");
            System.out.println(
                java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments());
          }
        }
        """
            .formatted(name));
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", folder.toString(), source.toString());
    assertThat(compiled).isZero();
    String main = "io/tandemmail/standalone/Main.class";
    try (OutputStream file = Files.newOutputStream(folder.resolve("lib/tandem.jar"));
        JarOutputStream jar = new JarOutputStream(file)) {
      jar.putNextEntry(new JarEntry(main));
      jar.write(Files.readAllBytes(folder.resolve(main)));
      jar.closeEntry();
    }
  }

  private String launch(String argument) throws IOException, InterruptedException {
    ProcessBuilder launcher =
        new ProcessBuilder("bash", folder.resolve("tandem").toString(), argument)
            .redirectErrorStream(true);
    launcher.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = launcher.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
