package io.tandemmail.sink;

import io.tandemmail.sink.SinkConfig.Extension;
import io.tandemmail.sink.wire.Mechanism;
import io.tandemmail.smtp.server.PathArgument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the sink offers in its reply to EHLO, and its objections to whoever asks for something else. */
final class Offer {
  private final SinkConfig.Protocol protocol;

  Offer(SinkConfig.Protocol protocol) {
    this.protocol = protocol;
  }

  /** The lines behind the first. */
  List<String> keywords(Channel channel) {
    List<String> keywords = new ArrayList<>();
    for (Extension extension : Extension.values()) {
      if (offers(extension)) {
        keywords.add(
            extension == Extension.SIZE ? "SIZE " + protocol.sizeMax() : extension.keyword());
      }
    }
    protocol.limits().keyword().ifPresent(keywords::add);
    if (protocol.tls().isPresent() && channel == Channel.CLEAR) {
      keywords.add("STARTTLS");
    }
    if (protocol.login().isPresent()) {
      StringBuilder auth = new StringBuilder("AUTH");
      for (Mechanism mechanism : Mechanism.values()) {
        if (protocol.mechanisms().contains(mechanism)) {
          auth.append(' ').append(mechanism.keyword());
        }
      }
      keywords.add(auth.toString());
    }
    return keywords;
  }

  /** How the client is connected. */
  enum Channel {
    CLEAR,
    TLS
  }

  boolean offers(Extension extension) {
    return protocol.offered().contains(extension);
  }

  /** Empty when MAIL's parameters were offered (RFC 5321 section 4.1.1.11) and can be read. */
  Optional<String> toMail(PathArgument path) {
    for (Map.Entry<String, String> parameter : path.parameters().entrySet()) {
      String name = parameter.getKey();
      String value = parameter.getValue();
      boolean offered =
          switch (name) {
            case "SIZE" -> offers(Extension.SIZE);
            case "BODY" -> offers(Extension.EIGHT_BIT_MIME);
            case "SMTPUTF8" -> offers(Extension.SMTPUTF8);
            case "RET", "ENVID" -> offers(Extension.DSN);
            case "AUTH" -> protocol.login().isPresent();
            default -> false;
          };
      boolean readable =
          switch (name) {
            case "SIZE" -> value.matches("\\d{1,20}");
            case "BODY" -> value.equalsIgnoreCase("7BIT") || value.equalsIgnoreCase("8BITMIME");
            case "SMTPUTF8" -> value.isEmpty();
            default -> true;
          };
      if (!offered) {
        return Optional.of(notOffered(name));
      }
      if (!readable) {
        return Optional.of("501 5.5.4 " + name + " cannot be that");
      }
      if (name.equals("SIZE")
          && (value.length() > 18 || Long.parseLong(value) > protocol.sizeMax())) {
        return Optional.of(tooLong());
      }
    }
    return Optional.empty();
  }

  /** Empty when RCPT's parameters were offered. */
  Optional<String> toRcpt(PathArgument path) {
    return path.parameters().keySet().stream()
        .filter(name -> !((name.equals("NOTIFY") || name.equals("ORCPT")) && offers(Extension.DSN)))
        .findFirst()
        .map(Offer::notOffered);
  }

  String tooLong() {
    return "552 5.3.4 at most " + protocol.sizeMax() + " bytes";
  }

  private static String notOffered(String parameter) {
    return "555 5.5.4 " + parameter + " was not offered";
  }
}
