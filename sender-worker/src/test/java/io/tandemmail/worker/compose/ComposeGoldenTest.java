package io.tandemmail.worker.compose;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.settings.RouteSettings.OwedHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole messages, octet for octet: a change here changes what a retry sends of a message first tried by the version before.
 * {@code -Dtandem.rewrite-goldens=true} writes them anew.
 */
class ComposeGoldenTest {
  private static final Path FOLDER = Path.of("src/test/resources/io/tandemmail/worker/compose");

  static Stream<String> names() throws Exception {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".json"))
          .map(name -> name.substring(0, name.length() - 5))
          .sorted()
          .toList()
          .stream();
    }
  }

  @Test
  void thereAreGoldens() throws Exception {
    assertThat(names().count()).isGreaterThanOrEqualTo(9);
  }

  @ParameterizedTest
  @MethodSource("names")
  void aSubmissionIsComposedAsEver(String name) throws Exception {
    byte[] message = compose(name);
    Path golden = FOLDER.resolve(name + ".eml");
    if (Boolean.getBoolean("tandem.rewrite-goldens")) {
      Files.write(golden, message);
    }

    assertThat(new String(message, StandardCharsets.UTF_8))
        .isEqualTo(Files.readString(golden, StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar-EG", "tr-TR", "th-TH-u-ca-buddhist-nu-thai", "de-DE"})
  void neitherLocaleNorTimeZoneHasASay(String locale) throws Exception {
    Locale localeBefore = Locale.getDefault();
    TimeZone zoneBefore = TimeZone.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag(locale));
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
      for (String name : names().toList()) {
        assertThat(compose(name))
            .as(name)
            .isEqualTo(Files.readAllBytes(FOLDER.resolve(name + ".eml")));
      }
    } finally {
      Locale.setDefault(localeBefore);
      TimeZone.setDefault(zoneBefore);
    }
  }

  @Test
  void noMessageLearnsOfTheOneBesideIt() throws Exception {
    List<String> names = names().toList();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Callable<byte[]>> work = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        String name = names.get(i % names.size());
        work.add(() -> compose(name));
      }
      List<Future<byte[]>> messages = threads.invokeAll(work);
      for (int i = 0; i < messages.size(); i++) {
        assertThat(messages.get(i).get())
            .isEqualTo(Files.readAllBytes(FOLDER.resolve(names.get(i % names.size()) + ".eml")));
      }
    }
  }

  private static byte[] compose(String name) throws Exception {
    OwedHeaders owed = name.startsWith("owed") ? Composing.OWED : OwedHeaders.NONE;
    return Composing.compose(Files.readString(FOLDER.resolve(name + ".json")), owed);
  }
}
