package io.tandemmail.standalone.doubt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandemmail.model.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResolvableTest {
  private static final JsonNode MESSAGE =
      Json.tree(
              """
              {"id":"m1","recipients":[
                {"recipient":"ann@example.net","state":"in-doubt","heldUntil":"2026-11-28T10:00:00Z"},
                {"recipient":"bob@example.net","state":"delivered"},
                {"recipient":"cid@example.net","state":"deferred"}],
               "events":[{"type":"in-doubt","recipient":"cid@example.net"}]}\
              """
                  .getBytes(StandardCharsets.UTF_8))
          .orElseThrow();

  @Test
  void whoIsHeldCanBeResolvedNamedOrNot() {
    assertThat(Resolvable.of(MESSAGE, Optional.empty()))
        .isEqualTo(new Resolvable.Held(List.of("ann@example.net")));
    assertThat(Resolvable.of(MESSAGE, Optional.of("ann@example.net")))
        .isEqualTo(new Resolvable.Held(List.of("ann@example.net")));
  }

  @Test
  void elseItIsSaidWhy() {
    assertThat(why("bob@example.net")).contains("bob@example.net is not in doubt");
    assertThat(why("cid@example.net")).contains("was in doubt and is not held", "deferred");
    assertThat(why("dan@example.net")).contains("is no recipient of message m1");
  }

  @Test
  void aMessageOfWhichNobodyIsHeldSaysSo() {
    assertThat(Resolvable.of(without("heldUntil"), Optional.empty()))
        .isInstanceOfSatisfying(
            Resolvable.Nobody.class,
            nobody -> assertThat(nobody.why()).contains("was in doubt and is not held"));
    JsonNode never =
        Json.tree("{\"id\":\"m1\",\"recipients\":[]}".getBytes(StandardCharsets.UTF_8))
            .orElseThrow();
    assertThat(Resolvable.of(never, Optional.empty()))
        .isEqualTo(new Resolvable.Nobody("message m1 is not in doubt"));
  }

  private static JsonNode without(String field) {
    String json = MESSAGE.toString().replace(field, "other");
    return Json.tree(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }

  private static String why(String recipient) {
    return ((Resolvable.Nobody) Resolvable.of(MESSAGE, Optional.of(recipient))).why();
  }
}
