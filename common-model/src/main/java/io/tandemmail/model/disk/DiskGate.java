package io.tandemmail.model.disk;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * Whether new mail is taken. Closes at the limit, opens a quarter above it: a disk that hovers at the limit would otherwise
 * have submitters come and go with each look.
 */
public sealed interface DiskGate {
  Open OPEN = new Open();

  /** Why no new mail is taken: what, where, and which setting says so. Empty while it is. */
  Optional<String> refusal();

  /** There is room, or nobody says that there is none. */
  record Open() implements DiskGate {
    @Override
    public Optional<String> refusal() {
      return Optional.empty();
    }
  }

  /**
   * @param shortest where there is least
   * @param limitBytes what has to be free
   */
  record Closed(LogDir shortest, long limitBytes) implements DiskGate {
    @Override
    public Optional<String> refusal() {
      return Optional.of(
          shortest.text()
              + "; "
              + ByteSize.text(limitBytes)
              + " are kept for mail that was taken before (ingest.min-free-disk)");
    }
  }

  /**
   * @param known log folders of the brokers that could be asked
   * @param limitBytes 0: always open
   */
  static DiskGate decide(DiskGate before, Collection<LogDir> known, long limitBytes) {
    Optional<LogDir> shortest = known.stream().min(Comparator.comparingLong(LogDir::usableBytes));
    long wanted =
        switch (before) {
          case Open open -> limitBytes;
          case Closed closed -> limitBytes + limitBytes / 4;
        };
    return shortest
        .filter(dir -> dir.usableBytes() < wanted)
        .<DiskGate>map(dir -> new Closed(dir, limitBytes))
        .orElse(OPEN);
  }
}
