package io.tandemmail.router.health;

import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerJson;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What of a {@link ServerTrack} survives a change of router: flaps, cool-down, the health itself and the usual time of a
 * transaction. Layout: flaps (int), cool-down end (epoch milliseconds), the health's JSON on one line, the usual time
 * (milliseconds, decimal) on the next. The second line is younger than the rest: routers that do not know it do not see
 * it, and it may be absent.
 */
public final class ServerTrackCodec {
  private ServerTrackCodec() {}

  public static byte[] write(ServerTrack track) {
    byte[] health = ServerJson.write(track.health());
    byte[] usual = ("\n" + track.slowness().usualMillis()).getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(Integer.BYTES + Long.BYTES + health.length + usual.length)
        .putInt(track.flaps())
        .putLong(track.coolDownUntil().toEpochMilli())
        .put(health)
        .put(usual)
        .array();
  }

  public static Optional<ServerTrack> read(byte[] stored) {
    try {
      ByteBuffer in = ByteBuffer.wrap(stored);
      int flaps = in.getInt();
      Instant coolDownUntil = Instant.ofEpochMilli(in.getLong());
      byte[] lines = new byte[in.remaining()];
      in.get(lines);
      return ServerJson.readHealth(lines)
          .map(health -> track(health, flaps, coolDownUntil, usualMillis(lines)));
    } catch (BufferUnderflowException cutShort) {
      return Optional.empty();
    }
  }

  /** 0 where there is none: it is learned again. */
  private static double usualMillis(byte[] lines) {
    String text = new String(lines, StandardCharsets.UTF_8);
    try {
      double read = Double.parseDouble(text.substring(text.lastIndexOf('\n') + 1));
      return read > 0 && read < Double.MAX_VALUE ? read : 0;
    } catch (NumberFormatException none) {
      return 0;
    }
  }

  private static ServerTrack track(
      ServerHealth health, int flaps, Instant coolDownUntil, double usualMillis) {
    return new ServerTrack(
        health,
        Map.of(),
        0,
        flaps,
        coolDownUntil,
        Shedding.usually(usualMillis),
        Slowness.of(health, usualMillis));
  }
}
