package io.tandemmail.router.health;

import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerJson;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What of a {@link ServerTrack} survives a change of router: flaps, cool-down, the usual time of a transaction and the health
 * itself. Layout: flaps (int), cool-down end (epoch milliseconds), usual time (milliseconds, double; absent in what was
 * stored before it was known), then the health's JSON.
 */
public final class ServerTrackCodec {
  private ServerTrackCodec() {}

  public static byte[] write(ServerTrack track) {
    byte[] health = ServerJson.write(track.health());
    return ByteBuffer.allocate(Integer.BYTES + Long.BYTES + Double.BYTES + health.length)
        .putInt(track.flaps())
        .putLong(track.coolDownUntil().toEpochMilli())
        .putDouble(track.slowness().usualMillis())
        .put(health)
        .array();
  }

  public static Optional<ServerTrack> read(byte[] stored) {
    try {
      ByteBuffer in = ByteBuffer.wrap(stored);
      int flaps = in.getInt();
      Instant coolDownUntil = Instant.ofEpochMilli(in.getLong());
      double usualMillis = in.get(in.position()) == '{' ? 0 : in.getDouble();
      byte[] json = new byte[in.remaining()];
      in.get(json);
      return ServerJson.readHealth(json)
          .map(health -> track(health, flaps, coolDownUntil, usualMillis));
    } catch (BufferUnderflowException | IndexOutOfBoundsException cutShort) {
      return Optional.empty();
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
