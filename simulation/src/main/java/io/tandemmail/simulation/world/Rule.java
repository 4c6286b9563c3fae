package io.tandemmail.simulation.world;

/** The rules of docs/rules.md and ARCHITECTURE.md that can be dropped one at a time, to see that a world without them breaks. */
public enum Rule {
  /** Rule 4: a new owner reads the ledger before its first send. */
  LEDGER_BEFORE_SEND,
  /** Rule 4: and what its predecessor gave back without an outcome. */
  RETURNS_BEFORE_SEND,
  /** Rule 2: a permit is held until the broker has the outcome. */
  PERMIT_UNTIL_ACKNOWLEDGED,
  /** Rule 5: only the contiguous low-water mark is committed. */
  LOW_WATER_MARK_ONLY,
  /** A record counts as finished when its outcomes are acknowledged, not when they are sent. */
  OFFSET_AFTER_OUTCOME,
  /** A returned message is written before its outcome. */
  RETURNED_BEFORE_OUTCOME,
  /** The router drops a second return of the same attempt. */
  SECOND_RETURN_DROPPED,
  /** The router appends, remembers and moves on in one transaction. */
  ONE_TRANSACTION,
  /** Rule 7, first half: ownership is fresh before MAIL. */
  FRESH_BEFORE_MAIL,
  /** Rule 7, second half: ownership is fresh just before the final dot. */
  FRESH_BEFORE_DOT,
  /** Rule 7: what renews ownership is an answer of the group, counted from when it was asked for. */
  FRESH_BY_ANSWER,
  /** Rule 6: only the owner gives a message back. */
  ONLY_OWNER_RETURNS,
  /** The group waits longer for a silent worker than that worker believes to be its owner. */
  NEW_OWNER_WAITS,
  /** A record is admitted at the home partition of its id only. */
  HOME_PARTITION,
  /** An id is admitted once. */
  FIRST_SEEN,
  /** Rule 10: a final dot without a reply is recorded as in doubt. */
  IN_DOUBT_RECORDED,
  /** What an owner that died may have sent is listed as in doubt by who sends it again. */
  IN_HAND_LISTED,
  /** What a worker that lost its lane had delivered is listed: the next owner may have sent it too, and died. */
  LOST_LANE_LISTED,
  /** What was given back in doubt, and not listed by the worker that died then, is listed by the next owner. */
  RETURNED_DOUBT_LISTED,
  /** Mail of a server out of service is given back while another is in service. */
  GIVEN_BACK,
  /** So is that of a server which only this worker does not get through to. */
  OUT_OF_REACH_LEAVES,
  /** A server's connections are split over the lane partitions that lead to it. */
  CONNECTION_SHARE
}
