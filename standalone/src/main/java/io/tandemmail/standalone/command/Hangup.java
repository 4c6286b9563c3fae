package io.tandemmail.standalone.command;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** SIGHUP, which by tradition asks a daemon to read its configuration again; without this it would end the JVM. */
final class Hangup {
  private static final Logger LOG = LoggerFactory.getLogger(Hangup.class);

  private Hangup() {}

  /**
   * By reflection: {@code sun.misc.Signal} is in every JDK, in the module jdk.unsupported, and the compiler warns of it in a
   * way that cannot be silenced. Where there is no such signal the file is still watched.
   */
  @SuppressWarnings("ReferenceEquality") // What equality of a proxy is.
  static void tell(Runnable listener) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object onSignal =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      listener.run();
                      yield null;
                    }
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    default -> "reads the configuration again";
                  });
      Object hangup = signal.getConstructor(String.class).newInstance("HUP");
      signal.getMethod("handle", signal, handler).invoke(null, hangup, onSignal);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      LOG.info("SIGHUP is not listened to ({}); the configuration file is", e.toString());
    }
  }
}
