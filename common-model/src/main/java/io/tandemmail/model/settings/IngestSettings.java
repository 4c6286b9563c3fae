package io.tandemmail.model.settings;

import java.nio.file.Path;
import java.util.Optional;

/**
 * @param smtp absent: no SMTP submission
 * @param apiKeysFile absent: only loopback addresses may be bound
 * @param maxMessageSizeBytes of one submission's value
 * @param minFreeDiskBytes on every broker, or new mail is refused; 0: nobody looks
 */
public record IngestSettings(
    HttpAddress http,
    Optional<SmtpSettings> smtp,
    Optional<Path> apiKeysFile,
    int maxMessageSizeBytes,
    long minFreeDiskBytes) {}
