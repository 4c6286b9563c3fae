package io.tandemmail.standalone.check;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tandemmail.model.json.Json;
import io.tandemmail.model.parity.DomainFacts;
import io.tandemmail.model.parity.ParityFinding;
import io.tandemmail.model.parity.ServerFacts;
import io.tandemmail.parity.RouteParity;
import java.io.IOException;
import java.util.Locale;
import java.util.TreeSet;

/** For machines (docs/parity.md). */
public final class CheckJson {
  private CheckJson() {}

  public static byte[] of(CheckReport report) {
    return Json.object(json -> {
      json.writeStringField("configuration", report.settings().hash());
      Json.writeTexts(json, "problems", report.problems());
      Json.writeTexts(json, "warnings", report.warnings());
      Json.writeTexts(json, "kafka", report.kafka());
      json.writeArrayFieldStart("servers");
      for (ServerFacts facts : report.servers().values()) {
        server(json, facts);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("routes");
      for (RouteParity parity : report.routes()) {
        route(json, parity);
      }
      json.writeEndArray();
    });
  }

  private static void server(JsonGenerator json, ServerFacts facts) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", facts.server());
    Json.writeTexts(json, "addresses", facts.addresses());
    json.writeBooleanField("starttls", facts.startTls());
    json.writeStringField("login", CheckTable.login(facts.login()));
    if (facts.offer().isPresent()) {
      ServerFacts.Offer offer = facts.offer().get();
      Json.writeTexts(json, "offers", new TreeSet<>(offer.keywords()));
      Json.writeTexts(json, "auth", new TreeSet<>(offer.mechanisms()));
      if (offer.contentBytesMax() != Long.MAX_VALUE) {
        json.writeNumberField("size", offer.contentBytesMax());
      }
    }
    if (facts.tls().isPresent()) {
      ServerFacts.TlsFacts tls = facts.tls().get();
      json.writeStringField("tls", tls.version());
      json.writeStringField("certificateSubject", tls.certificate().subject());
      Json.writeTexts(json, "certificateNames", tls.certificate().names());
      json.writeStringField("certificateUntil", tls.certificate().notAfter().toString());
    }
    if (facts.trouble().isPresent()) {
      ServerFacts.Trouble trouble = facts.trouble().get();
      json.writeStringField("trouble", trouble.phase() + ": " + trouble.what());
    }
    json.writeEndObject();
  }

  private static void route(JsonGenerator json, RouteParity parity) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", parity.route().id());
    json.writeStringField(
        "parity", parity.route().parity().demand().name().toLowerCase(Locale.ROOT));
    json.writeArrayFieldStart("findings");
    for (ParityFinding finding : parity.findings()) {
      json.writeStartObject();
      json.writeStringField("grade", finding.grade().name().toLowerCase(Locale.ROOT));
      json.writeStringField("subject", finding.subject().wireName());
      json.writeStringField("server", finding.server());
      json.writeStringField("what", finding.what());
      json.writeStringField("remedy", finding.remedy());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("dkim");
    for (DomainFacts.Key key : parity.domains().keys()) {
      json.writeStartObject();
      json.writeStringField("name", key.name());
      json.writeStringField("state", CheckTable.state(key));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("spf");
    for (DomainFacts.Sender sender : parity.domains().senders()) {
      json.writeStartObject();
      json.writeStringField("domain", sender.domain());
      json.writeStringField("server", sender.server());
      json.writeStringField("address", sender.address());
      json.writeStringField("verdict", sender.result().verdict().name().toLowerCase(Locale.ROOT));
      json.writeStringField("because", sender.result().because());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
