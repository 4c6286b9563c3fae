package io.tandemmail.worker.smtp.engine;

import io.tandemmail.worker.smtp.Reply;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the server offered in its EHLO reply: keywords in upper case, and the AUTH mechanisms.
 */
record Capabilities(Set<String> keywords, Set<String> authMechanisms) {
  static final Capabilities NONE = new Capabilities(Set.of(), Set.of());

  static Capabilities of(Reply ehlo) {
    Set<String> keywords = new TreeSet<>();
    Set<String> mechanisms = new TreeSet<>();
    for (String line : ehlo.text().split(" / ", -1)) {
      List<String> words = Arrays.asList(line.toUpperCase(Locale.ROOT).strip().split(" +"));
      keywords.add(words.getFirst());
      if (words.getFirst().equals("AUTH")) {
        mechanisms.addAll(words.stream().skip(1).collect(Collectors.toSet()));
      }
    }
    return new Capabilities(keywords, mechanisms);
  }

  boolean offers(String keyword) {
    return keywords.contains(keyword);
  }
}
