package io.tandemmail.standalone.broker;

/** How the process that used a data folder before ended. */
public enum LastStop {
  /** In order, or there was none. */
  CLEAN,
  /** The machine went on: what was written is there. */
  KILLED,
  /** The machine may have gone down with it: what was not flushed may be missing. */
  POWER_LOST
}
