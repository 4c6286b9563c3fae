package io.tandemmail.router.health;

import io.tandemmail.router.health.ClosedLoop.Point;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.function.ToDoubleFunction;
import javax.imageio.ImageIO;

/** Draws docs/overload.png from the closed loop: {@code OverloadPlot FILE}. */
final class OverloadPlot {
  private static final int WIDTH = 1_000;
  private static final int HEIGHT = 420;
  private static final int LEFT = 70;
  private static final int RIGHT = 70;
  private static final int TOP = 50;
  private static final int BOTTOM = 50;
  private static final int SECONDS = 180;
  private static final double DRAIN_MAX = 50;
  private static final Color SHARE = new Color(0x1f, 0x5f, 0xa8);
  private static final Color DRAIN = new Color(0xc2, 0x51, 0x1c);

  private OverloadPlot() {}

  public static void main(String[] args) throws IOException {
    System.setProperty("java.awt.headless", "true");
    List<Point> points = OverloadTest.run(OverloadTest.SLOW_FOR_A_MINUTE, SECONDS);
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D to = image.createGraphics();
    to.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    to.setColor(Color.WHITE);
    to.fillRect(0, 0, WIDTH, HEIGHT);
    axes(to);
    line(to, points, SHARE, Point::share, 100);
    line(to, points, DRAIN, Point::drainSeconds, DRAIN_MAX);
    to.dispose();
    ImageIO.write(image, "png", new File(args[0]));
  }

  private static void axes(Graphics2D to) {
    to.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    to.setColor(new Color(0xf3, 0xec, 0xe2));
    to.fillRect(x(30), TOP, x(90) - x(30), HEIGHT - TOP - BOTTOM);
    for (int part = 0; part <= 100; part += 20) {
      int y = y(part, 100);
      to.setColor(new Color(0xdd, 0xdd, 0xdd));
      to.drawLine(LEFT, y, WIDTH - RIGHT, y);
      to.setColor(SHARE);
      to.drawString(part + " %", 20, y + 5);
      to.setColor(DRAIN);
      to.drawString((int) (part * DRAIN_MAX / 100) + " s", WIDTH - RIGHT + 12, y + 5);
    }
    to.setColor(Color.DARK_GRAY);
    for (int second = 0; second <= SECONDS; second += 30) {
      to.drawString(second + " s", x(second) - 10, HEIGHT - BOTTOM + 20);
    }
    to.drawString("the server is at a tenth of its speed", x(30) + 8, TOP + 16);
    to.setColor(SHARE);
    to.drawString("share of the primary", LEFT, 30);
    to.setColor(DRAIN);
    to.drawString("drain time of its lane", WIDTH - RIGHT - 130, 30);
  }

  private static void line(
      Graphics2D to, List<Point> points, Color color, ToDoubleFunction<Point> value, double max) {
    to.setColor(color);
    to.setStroke(new BasicStroke(2.4f));
    for (int i = 1; i < points.size(); i++) {
      Point from = points.get(i - 1);
      Point next = points.get(i);
      to.drawLine(
          x(from.second()),
          y(value.applyAsDouble(from), max),
          x(next.second()),
          y(value.applyAsDouble(next), max));
    }
  }

  private static int x(int second) {
    return LEFT + (WIDTH - LEFT - RIGHT) * second / SECONDS;
  }

  private static int y(double value, double max) {
    return (int) (HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * Math.min(value, max) / max);
  }
}
