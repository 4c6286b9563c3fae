package io.tandemmail.model.submission;

/**
 * The router's choice for one message.
 *
 * @param epoch of the server's health when the choice was made
 */
public record Assignment(String server, Role role, long epoch) {}
