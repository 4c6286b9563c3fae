package io.tandemmail.smtp.server;

/** Memory that inputs share, in KiB. Whoever finds none must not wait for it: it is held by clients that may never end. */
public interface Room {
  /** There is always some; for servers that only tests and demos talk to. */
  Room ENDLESS =
      new Room() {
        @Override
        public boolean take(int kib) {
          return true;
        }

        @Override
        public void give(int kib) {}
      };

  /** False when there is not so much of it; then nothing was taken. */
  boolean take(int kib);

  void give(int kib);
}
