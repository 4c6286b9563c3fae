package io.tandemmail.router.choice;

import io.tandemmail.model.server.ServerHealth;

/** The cluster's opinion of a server at this moment; a server nobody reported on is {@link ServerHealth#unknown}. */
@FunctionalInterface
public interface HealthView {
  ServerHealth of(String server);
}
