package io.tandemmail.standalone.command;

import io.tandemmail.worker.dkim.DkimKeys;
import io.tandemmail.worker.dkim.KeyRecord;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dkim record}: what to publish, from the private keys themselves. */
@Command(name = "dkim", description = "DKIM keys.", mixinStandardHelpOptions = true)
public final class DkimCommand {
  @Command(
      name = "record",
      description =
          "The TXT record of every configured key, as lines of a zone file; 1 when there is no key.",
      mixinStandardHelpOptions = true)
  int record(@Mixin ConfigOption config) {
    DkimKeys keys = DkimKeys.read(config.read()).orThrow();
    keys.warnings().forEach(warning -> System.err.println("tandem: warning: " + warning));
    List<KeyRecord> records = keys.records();
    if (records.isEmpty()) {
      System.err.println("tandem: no route has DKIM keys");
      System.err.println("tandem: list them under routes.<id>.dkim, see docs/dkim.md");
      return Exit.NO;
    }
    records.forEach(record -> System.out.println(record.zoneLine()));
    return 0;
  }
}
