package io.tandemmail.router.health;

import io.tandemmail.model.server.ServerJson;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What of a {@link ServerTrack} survives a change of router: flaps, cool-down and the health itself. Layout: flaps (int),
 * cool-down end (epoch milliseconds), then the health's JSON.
 */
public final class ServerTrackCodec {
  private ServerTrackCodec() {}

  public static byte[] write(ServerTrack track) {
    byte[] health = ServerJson.write(track.health());
    return ByteBuffer.allocate(Integer.BYTES + Long.BYTES + health.length)
        .putInt(track.flaps())
        .putLong(track.coolDownUntil().toEpochMilli())
        .put(health)
        .array();
  }

  public static Optional<ServerTrack> read(byte[] stored) {
    try {
      ByteBuffer in = ByteBuffer.wrap(stored);
      int flaps = in.getInt();
      Instant coolDownUntil = Instant.ofEpochMilli(in.getLong());
      byte[] json = new byte[in.remaining()];
      in.get(json);
      return ServerJson.readHealth(json)
          .map(health -> new ServerTrack(health, Map.of(), 0, flaps, coolDownUntil, Shedding.NONE));
    } catch (BufferUnderflowException cutShort) {
      return Optional.empty();
    }
  }
}
