package io.tandemmail.torture.rig;

import io.tandemmail.torture.process.Brokers;
import io.tandemmail.torture.process.SmallDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A small disk for each broker, where one is to be filled; else all write to the disk that is there. */
public final class BrokerDisks implements AutoCloseable {
  /** Below it an ingest takes nothing more, where disks are small. */
  static final int MIN_FREE_MIB = 64;

  private static final int REST_MIB = 256;

  /** On each of them, with all copies: twice what was seen. */
  private static final int MESSAGES_PER_MIB = 512;

  private final List<SmallDisk> disks = new ArrayList<>();

  private BrokerDisks() {}

  public static BrokerDisks asTheyAre() {
    return new BrokerDisks();
  }

  /**
   * @param folder of the rig
   * @param messages that they have to hold beside what fills them
   * @throws IOException where this user may not mount
   */
  public static BrokerDisks small(Path folder, int messages)
      throws IOException, InterruptedException {
    BrokerDisks all = new BrokerDisks();
    try {
      for (int broker = 0; broker < Rig.BROKERS; broker++) {
        all.disks.add(
            SmallDisk.mount(
                Brokers.folder(folder, broker), REST_MIB + messages / MESSAGES_PER_MIB));
      }
      return all;
    } catch (IOException e) {
      all.close();
      throw e;
    }
  }

  boolean areSmall() {
    return !disks.isEmpty();
  }

  /**
   * @throws IllegalStateException when they are not small
   */
  public SmallDisk of(int broker) {
    if (!areSmall()) {
      throw new IllegalStateException("brokers have no disks of their own");
    }
    return disks.get(broker);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    for (SmallDisk disk : disks) {
      disk.close();
    }
  }
}
