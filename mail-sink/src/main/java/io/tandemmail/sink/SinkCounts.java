package io.tandemmail.sink;

/**
 * @param connections opened since the start
 * @param open now
 * @param peak most at once that had begun a transaction and not said QUIT: who only greets is not counted
 * @param transactions begun: MAIL commands answered 250
 * @param accepted messages taken, each recorded before its reply
 * @param recipients of those
 * @param refused commands, messages and connections answered 4yz or 5yz
 */
public record SinkCounts(
    long connections,
    int open,
    int peak,
    long transactions,
    long accepted,
    long recipients,
    long refused) {}
