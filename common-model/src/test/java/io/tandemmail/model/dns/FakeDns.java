package io.tandemmail.model.dns;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A zone in memory that remembers what it was asked. */
public final class FakeDns implements DnsView {
  private final Map<String, DnsAnswer> zone = new HashMap<>();
  private final List<String> asked = new ArrayList<>();

  public FakeDns with(Type type, String name, String... values) {
    zone.put(type + " " + name, new DnsAnswer.Found(List.of(values)));
    return this;
  }

  public FakeDns failing(Type type, String name) {
    zone.put(type + " " + name, new DnsAnswer.Failed("no answer in time"));
    return this;
  }

  @Override
  public DnsAnswer ask(Type type, String name) {
    asked.add(type + " " + name);
    return zone.getOrDefault(type + " " + name, new DnsAnswer.Absent());
  }

  public List<String> asked() {
    return asked;
  }
}
