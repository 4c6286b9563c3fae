package io.tandemmail.ingest.smtp;

import io.tandemmail.smtp.server.Room;

/** So many KiB; tells when they are taken. */
final class WatchedRoom implements Room {
  private final int kib;
  private int taken;

  WatchedRoom(int kib) {
    this.kib = kib;
  }

  @Override
  public synchronized boolean take(int wanted) {
    if (taken + wanted > kib) {
      return false;
    }
    taken += wanted;
    notifyAll();
    return true;
  }

  @Override
  public synchronized void give(int given) {
    taken -= given;
    notifyAll();
  }

  synchronized int taken() {
    return taken;
  }

  synchronized void awaitTaken(int atLeast) throws InterruptedException {
    while (taken < atLeast) {
      wait();
    }
  }

  synchronized void awaitTakenAtMost(int most) throws InterruptedException {
    while (taken > most) {
      wait();
    }
  }
}
