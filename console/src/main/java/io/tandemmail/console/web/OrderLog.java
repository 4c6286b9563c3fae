package io.tandemmail.console.web;

import io.tandemmail.model.server.ServerCommand;

/** Where orders are written. */
public interface OrderLog {
  /** True once the order is durable; false when that is not known in time, and the order had better be given again. */
  boolean append(ServerCommand order) throws InterruptedException;
}
