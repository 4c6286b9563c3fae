package io.tandemmail.model.dns;

import java.util.List;

/** What came of one question. That there is nothing is an answer; that nobody answered is none. */
public sealed interface DnsAnswer {
  /** In the order of the answer; exchanges by preference. */
  record Found(List<String> values) implements DnsAnswer {
    public Found {
      values = List.copyOf(values);
    }
  }

  /** No such name, or nothing of that type under it. */
  record Absent() implements DnsAnswer {}

  /** No answer in time, or one that says that the server could not tell. */
  record Failed(String why) implements DnsAnswer {}
}
