package io.tandemmail.worker.dkim;

import java.security.Provider;
import java.security.Security;
import java.util.Iterator;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * The Amazon Corretto Crypto Provider where it is installed or on the class path (docs/dkim.md has its speed). It holds native
 * code for one platform; on another, or where that code cannot be loaded, there is none and the JDK signs.
 */
public final class FastProvider {
  private static final String CLASS =
      "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";
  private static final String NAME = "AmazonCorrettoCryptoProvider";

  private FastProvider() {}

  public static Optional<Provider> find() {
    Provider installed = Security.getProvider(NAME);
    if (installed != null) {
      return Optional.of(installed);
    }
    try {
      Iterator<ServiceLoader.Provider<Provider>> found =
          ServiceLoader.load(Provider.class).stream().iterator();
      while (found.hasNext()) {
        ServiceLoader.Provider<Provider> next = found.next();
        if (next.type().getName().equals(CLASS)) {
          return Optional.of(next.get());
        }
      }
    } catch (ServiceConfigurationError | LinkageError | RuntimeException notHere) {
      return Optional.empty();
    }
    return Optional.empty();
  }
}
