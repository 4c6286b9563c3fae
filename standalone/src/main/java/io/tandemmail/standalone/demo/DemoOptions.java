package io.tandemmail.standalone.demo;

/**
 * @param rate messages per second, 0: all within about 20 s
 * @param failAtPercent of the messages fed when the primary dies
 * @param hold keep it running at the end
 */
public record DemoOptions(int messages, int rate, int failAtPercent, boolean hold) {
  private static final int FEED_SECONDS = 20;

  int pacePerSecond() {
    return rate > 0 ? rate : Math.max(50, messages / FEED_SECONDS);
  }
}
