package io.tandemmail.model.doubt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tandemmail.model.doubt.Resolution.As;
import io.tandemmail.model.wire.Headers;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResolutionTest {
  private static final Resolution RESOLUTION =
      new Resolution(
          "m1", List.of("ann@example.net", "bob@example.net"), As.RESEND, "op", Optional.of("why"));

  @Test
  void itSurvivesItsHeaders() {
    assertThat(Resolution.read(RESOLUTION.write())).isEqualTo(RESOLUTION);
    assertThat(RESOLUTION.write().last("tandem-reason")).contains("resolved");
  }

  @Test
  void whatIsMissingOrUnknownIsNamed() {
    for (String name : List.of("tandem-id", "tandem-resolved-as", "tandem-resolved-by")) {
      Headers without =
          new Headers(
              RESOLUTION.write().all().stream()
                  .filter(header -> !header.name().equals(name))
                  .toList());
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Resolution.read(without))
          .withMessageContaining(name);
    }
  }

  @Test
  void whatAnOperatorTypesIsBoundedAndPrintable() {
    Resolution typed =
        new Resolution("m1", List.of(), As.FAILED, "o\np", Optional.of("x".repeat(999)));

    assertThat(typed.by()).isEqualTo("o p");
    assertThat(typed.why().orElseThrow()).hasSize(200);
  }
}
