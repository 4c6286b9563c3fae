package io.tandemmail.ingest.accept;

import io.tandemmail.smtp.server.Room;
import java.util.concurrent.Semaphore;

/** Memory for bodies, shared by all requests and SMTP connections: whoever finds none is told to come back, so no number of submitters exhausts it. */
public final class BodyRoom implements Room {
  public static final int KIB = 1 << 10;

  private final Semaphore kib;

  public BodyRoom(int kib) {
    this.kib = new Semaphore(kib);
  }

  @Override
  public boolean take(int wanted) {
    return kib.tryAcquire(wanted);
  }

  @Override
  public void give(int taken) {
    kib.release(taken);
  }
}
