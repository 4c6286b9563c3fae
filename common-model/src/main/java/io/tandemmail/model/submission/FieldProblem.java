package io.tandemmail.model.submission;

/** What is wrong with one field of a submission and how to mend it. */
public record FieldProblem(String field, String problem, String remedy) {
  @Override
  public String toString() {
    return field + " " + problem + "; " + remedy;
  }
}
