package io.tandemmail.model.dns;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An IPv4 or IPv6 address, read from text and never looked up. */
public final class IpAddress {
  private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,3}");
  private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{1,4}");
  private static final int V4_OCTETS = 4;
  private static final int V6_OCTETS = 16;

  /** RFC 1122, 1918, 3927, 6598; RFC 4291, 4193: addresses that no foreign server ever sees. */
  private static final String[] NOT_PUBLIC = {
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "::/127",
    "fc00::/7",
    "fe80::/10"
  };

  private final byte[] octets;

  private IpAddress(byte[] octets) {
    this.octets = octets;
  }

  public static Optional<IpAddress> parse(String text) {
    byte @Nullable [] octets = text.indexOf(':') < 0 ? v4(text) : v6(text);
    return Optional.ofNullable(octets).map(IpAddress::new);
  }

  /** {@code 192.0.2.0/24}; without a length the address itself. */
  public static Optional<Network> network(String text) {
    int slash = text.indexOf('/');
    Optional<IpAddress> address = parse(slash < 0 ? text : text.substring(0, slash));
    if (address.isEmpty()) {
      return Optional.empty();
    }
    int max = address.get().bits();
    if (slash < 0) {
      return Optional.of(new Network(address.get(), max));
    }
    String length = text.substring(slash + 1);
    return DECIMAL.matcher(length).matches() && Integer.parseInt(length) <= max
        ? Optional.of(new Network(address.get(), Integer.parseInt(length)))
        : Optional.empty();
  }

  /**
   * @param prefixBits how many leading bits count
   */
  public record Network(IpAddress address, int prefixBits) {
    public boolean holds(IpAddress other) {
      if (other.octets.length != address.octets.length) {
        return false;
      }
      for (int bit = 0; bit < prefixBits; bit++) {
        int mask = 0x80 >> (bit & 7);
        if (((other.octets[bit >> 3] ^ address.octets[bit >> 3]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }

  public boolean isV4() {
    return octets.length == V4_OCTETS;
  }

  public int bits() {
    return octets.length * 8;
  }

  /** Whether others can see mail come from it. */
  public boolean isPublic() {
    return Arrays.stream(NOT_PUBLIC).noneMatch(range -> network(range).orElseThrow().holds(this));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IpAddress that && Arrays.equals(octets, that.octets);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(octets);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < octets.length; i += isV4() ? 1 : 2) {
      if (isV4()) {
        text.append(i == 0 ? "" : ".").append(octets[i] & 0xff);
      } else {
        int group = (octets[i] & 0xff) << 8 | octets[i + 1] & 0xff;
        text.append(i == 0 ? "" : ":").append(Integer.toHexString(group));
      }
    }
    return text.toString();
  }

  private static byte @Nullable [] v4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != V4_OCTETS) {
      return null;
    }
    byte[] octets = new byte[V4_OCTETS];
    for (int i = 0; i < V4_OCTETS; i++) {
      if (!DECIMAL.matcher(parts[i]).matches() || Integer.parseInt(parts[i]) > 255) {
        return null;
      }
      octets[i] = (byte) Integer.parseInt(parts[i]);
    }
    return octets;
  }

  /** RFC 4291 section 2.2; a zone behind {@code %} is of this machine only and dropped. */
  private static byte @Nullable [] v6(String zoned) {
    String text = zoned.contains("%") ? zoned.substring(0, zoned.indexOf('%')) : zoned;
    int gap = text.indexOf("::");
    byte @Nullable [] head = gap < 0 ? groups(text, true) : groups(text.substring(0, gap), false);
    byte @Nullable [] tail = gap < 0 ? new byte[0] : groups(text.substring(gap + 2), true);
    if (head == null || tail == null) {
      return null;
    }
    int known = head.length + tail.length;
    if (gap < 0 ? known != V6_OCTETS : known > V6_OCTETS - 2) {
      return null;
    }
    byte[] octets = Arrays.copyOf(head, V6_OCTETS);
    System.arraycopy(tail, 0, octets, V6_OCTETS - tail.length, tail.length);
    return octets;
  }

  private static byte @Nullable [] groups(String text, boolean atEnd) {
    if (text.isEmpty()) {
      return new byte[0];
    }
    String[] parts = text.split(":", -1);
    byte[] octets = new byte[parts.length * 2 + 2];
    int length = 0;
    for (int i = 0; i < parts.length; i++) {
      byte @Nullable [] embedded = atEnd && i == parts.length - 1 ? v4(parts[i]) : null;
      if (embedded != null) {
        System.arraycopy(embedded, 0, octets, length, V4_OCTETS);
        length += V4_OCTETS;
      } else if (HEX.matcher(parts[i]).matches()) {
        int group = Integer.parseInt(parts[i], 16);
        octets[length++] = (byte) (group >> 8);
        octets[length++] = (byte) group;
      } else {
        return null;
      }
    }
    return length > V6_OCTETS ? null : Arrays.copyOf(octets, length);
  }
}
