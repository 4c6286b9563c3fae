package io.tandemmail.ingest;

import java.util.concurrent.Semaphore;

/** Memory for bodies, shared by all requests: whoever finds none is told to come back, so no number of submitters exhausts it. */
final class BodyRoom {
  static final int KIB = 1 << 10;

  private final Semaphore kib;

  BodyRoom(int kib) {
    this.kib = new Semaphore(kib);
  }

  boolean take(int wanted) {
    return kib.tryAcquire(wanted);
  }

  void give(int taken) {
    kib.release(taken);
  }
}
