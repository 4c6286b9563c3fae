package io.tandemmail.ingest.bounce;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Fields of a header section or of one group of a report, in order. Names in lower case, values unfolded. */
record ReportFields(List<ReportFields.Field> all) {
  static final ReportFields NONE = new ReportFields(List.of());

  ReportFields {
    all = List.copyOf(all);
  }

  record Field(String name, String value) {
    static Field of(String name, String value) {
      return new Field(name.strip().toLowerCase(Locale.ROOT), value.strip());
    }
  }

  Optional<String> first(String name) {
    return every(name).stream().findFirst();
  }

  List<String> every(String name) {
    return all.stream().filter(field -> field.name().equals(name)).map(Field::value).toList();
  }

  /** Groups of fields, an empty line between two (RFC 3464 section 2.1). Lines that are no field are left out. */
  static List<ReportFields> groups(String text) {
    List<ReportFields> groups = new ArrayList<>();
    List<Field> group = new ArrayList<>();
    String unfolded = text.replace("\r\n", "\n").replaceAll("\n[ \t]+(?=\\S)", " ");
    for (String line : unfolded.split("\n", -1)) {
      int colon = line.indexOf(':');
      if (line.isBlank() && !group.isEmpty()) {
        groups.add(new ReportFields(group));
        group = new ArrayList<>();
      } else if (colon > 0) {
        group.add(Field.of(line.substring(0, colon), line.substring(colon + 1)));
      }
    }
    if (!group.isEmpty()) {
      groups.add(new ReportFields(group));
    }
    return groups;
  }
}
