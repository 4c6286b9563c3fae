package io.tandemmail.model.settings;

import java.nio.file.Path;
import java.util.Optional;

/**
 * @param smtp absent: no SMTP submission
 * @param apiKeysFile absent: only loopback addresses may be bound
 * @param maxMessageSizeBytes of one submission's value
 */
public record IngestSettings(
    HttpAddress http,
    Optional<SmtpSettings> smtp,
    Optional<Path> apiKeysFile,
    int maxMessageSizeBytes) {}
