package io.tandemmail.model.outcome;

/** What the router needs of an outcome: of which recipient of which message, and which type. The first fields of its JSON. */
public record OutcomeMark(String id, String route, String recipient, OutcomeType type) {
  public static OutcomeMark of(Outcome outcome) {
    return new OutcomeMark(outcome.id(), outcome.route(), outcome.recipient(), outcome.type());
  }
}
