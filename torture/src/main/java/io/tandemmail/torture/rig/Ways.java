package io.tandemmail.torture.rig;

import io.tandemmail.torture.process.Brokers;
import io.tandemmail.torture.process.Ports;
import io.tandemmail.torture.proxy.Toxic;
import io.tandemmail.torture.proxy.ToxicProxy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The ways of one kind of client to all brokers: a listener of each broker, and a proxy before it. */
public final class Ways implements AutoCloseable {
  private final Brokers.Listener listener;
  private final List<ToxicProxy> proxies;

  private Ways(Brokers.Listener listener, List<ToxicProxy> proxies) {
    this.listener = listener;
    this.proxies = proxies;
  }

  static Ways open(String name, int brokers) throws IOException {
    List<Integer> ports = new ArrayList<>();
    List<Integer> advertised = new ArrayList<>();
    List<ToxicProxy> proxies = new ArrayList<>();
    for (int i = 0; i < brokers; i++) {
      int port = Ports.free();
      ToxicProxy proxy = ToxicProxy.start(Ports.free(), port);
      ports.add(port);
      advertised.add(proxy.port());
      proxies.add(proxy);
    }
    return new Ways(new Brokers.Listener(name, ports, advertised), proxies);
  }

  Brokers.Listener listener() {
    return listener;
  }

  String bootstrapServers() {
    return Brokers.addresses(listener.advertised());
  }

  /** On all of them. */
  public void set(Toxic toxic) throws IOException {
    for (ToxicProxy proxy : proxies) {
      proxy.set(toxic);
    }
  }

  @Override
  public void close() throws IOException {
    for (ToxicProxy proxy : proxies) {
      proxy.close();
    }
  }
}
