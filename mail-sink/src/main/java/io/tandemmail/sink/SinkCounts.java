package io.tandemmail.sink;

/**
 * @param connections opened since the start
 * @param open now
 * @param accepted messages taken, each recorded before its reply
 * @param recipients of those
 * @param refused commands and messages answered 4yz or 5yz
 */
public record SinkCounts(
    long connections, int open, long accepted, long recipients, long refused) {}
