package io.tandemmail.model.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.settings.RouteSettings.OwedHeaders;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwedHeadersReaderTest {
  @Test
  void aRouteAddsNothingUnlessItSaysSo() {
    assertThat(headers("")).isEqualTo(OwedHeaders.NONE);
  }

  @Test
  void templatesAreFilledWithPercentEncodedValues() {
    OwedHeaders headers =
        headers(
            ", list-unsubscribe: { mailto: 'mailto:stop+{id}@example.com?subject=stop', https: 'https://example.com/u/{id}?r={recipient}' }, feedback-id: '{route}:example'");
    Map<String, String> values = Map.of("id", "a/b", "route", "default");

    assertThat(headers.unsubscribeMailto().orElseThrow().fill(values))
        .contains("stop+a%2Fb@example.com?subject=stop");
    assertThat(headers.unsubscribeHttps().orElseThrow().fill(values)).isEmpty();
    assertThat(headers.feedbackId().orElseThrow().fill(values)).contains("default:example");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "list-unsubscribe: { mailto: nobody } | routes.default.list-unsubscribe.mailto | unsubscribe+{id}@example.com",
        "list-unsubscribe: { mailto: 'a@example.com?subject=two words' } | routes.default.list-unsubscribe.mailto | write",
        "list-unsubscribe: { https: 'http://example.com/u' } | routes.default.list-unsubscribe.https | https://",
        "list-unsubscribe: { https: 'https://example.com/>,<x' } | routes.default.list-unsubscribe.https | write",
        "list-unsubscribe: { https: 'https://example.com/{recipent}' } | routes.default.list-unsubscribe.https | did you mean {recipient}?",
        "list-unsubscribe: { http: 'https://example.com/u' } | routes.default.list-unsubscribe.http | did you mean https?",
        "feedback-id: 'a:{recipient}' | routes.default.feedback-id | known here: id, route",
        "feedback-id: 'a:b:c:d:e' | routes.default.feedback-id | four words",
        "feedback-id: 'two words' | routes.default.feedback-id | write"
      })
  void whatCannotBeAFieldIsRefusedWithARemedy(String entry, String key, String remedy) {
    assertThat(problems(", " + entry))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.key()).isEqualTo(key);
          assertThat(problem.remedy()).contains(remedy);
        });
  }

  private static OwedHeaders headers(String entries) {
    return ((SettingsResult.Valid) read(entries)).settings().routes().get("default").headers();
  }

  private static List<SettingsProblem> problems(String entries) {
    return ((SettingsResult.Invalid) read(entries)).problems();
  }

  private static SettingsResult read(String entries) {
    String yaml =
        "servers: { a: { host: h } }\nroutes: { default: { primary: a" + entries + " } }\n";
    return SettingsReader.read("tandem.yaml", yaml, Map.of());
  }
}
