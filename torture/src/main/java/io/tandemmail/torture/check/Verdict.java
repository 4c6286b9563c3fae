package io.tandemmail.torture.check;

import io.tandemmail.torture.check.Finding.Rule;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What came out.
 *
 * @param accepted messages
 * @param recipients of them, together
 * @param ends final outcomes by type, of recipients
 * @param copies that the sinks took, of all messages
 * @param doubts events in doubt, of recipients
 * @param suspects events that say that a worker died and may have sent the message before, of recipients
 * @param repeated events that are there twice, the same in everything
 * @param secondEnds final outcomes that a worker cut off and its successor both found, alike, without a copy each
 * @param explained second copies by the number of the fault that explains them; 0: listed as in doubt
 * @param counts how often each rule was broken; the findings have the first of each
 */
public record Verdict(
    int accepted,
    long recipients,
    Map<String, Long> ends,
    long copies,
    long doubts,
    long suspects,
    long repeated,
    long secondEnds,
    Map<Integer, Integer> explained,
    Map<Rule, Integer> counts,
    List<Finding> findings) {
  public Verdict {
    ends = Map.copyOf(ends);
    explained = Map.copyOf(explained);
    counts = Map.copyOf(counts);
    findings = List.copyOf(findings);
  }

  /** The same, with what was found besides. */
  public Verdict with(List<Finding> more) {
    Map<Rule, Integer> all = new EnumMap<>(Rule.class);
    all.putAll(counts);
    more.forEach(finding -> all.merge(finding.rule(), 1, Integer::sum));
    return new Verdict(
        accepted,
        recipients,
        ends,
        copies,
        doubts,
        suspects,
        repeated,
        secondEnds,
        explained,
        all,
        java.util.stream.Stream.concat(findings.stream(), more.stream()).toList());
  }

  public boolean holds() {
    return counts.isEmpty();
  }

  public int count(Rule rule) {
    return counts.getOrDefault(rule, 0);
  }

  public int explainedInAll() {
    return explained.values().stream().mapToInt(Integer::intValue).sum();
  }
}
