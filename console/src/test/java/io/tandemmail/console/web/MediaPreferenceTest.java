package io.tandemmail.console.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaPreferenceTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/html,application/xml;q=0.9,*/*;q=0.8 | true",
        "TEXT/HTML | true",
        "text/*;q=0.5, */*;q=0.1 | true",
        "application/json;q=0.2, text/html; charset=utf-8; q=0.3 | true",
        "*/* | false",
        "text/html, application/json | false",
        "text/html;q=0.5, application/json | false",
        "text/html;q=0, */*;q=0.5 | false",
        "text/html;q=x | false",
        "image/png | false",
        "'' | false",
        ";;,,; | false"
      })
  void thePageIsForWhoLikesItBetter(String accept, boolean page) {
    assertThat(MediaPreference.of(accept).rather("text/html", "application/json")).isEqualTo(page);
  }
}
