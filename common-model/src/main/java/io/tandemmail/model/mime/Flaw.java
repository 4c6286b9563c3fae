package io.tandemmail.model.mime;

/** Why a text cannot be used, and how to mend it; to be put behind the name of its field. */
public record Flaw(String problem, String remedy) {}
