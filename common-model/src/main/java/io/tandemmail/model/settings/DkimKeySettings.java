package io.tandemmail.model.settings;

import java.nio.file.Path;

/**
 * A DKIM key of a route (RFC 6376 section 3.6.2.1): its public half is published at
 * {@code <selector>._domainkey.<domain>}.
 *
 * @param domain lower-case, A-labels; signs for mail from itself and its subdomains
 * @param keyFile the private key, PEM; relative to the working directory
 */
public record DkimKeySettings(String domain, String selector, Path keyFile) {}
