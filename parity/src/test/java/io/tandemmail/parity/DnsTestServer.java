package io.tandemmail.parity;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A name server on loopback with records in memory. Names it does not hold do not exist. */
public final class DnsTestServer implements AutoCloseable {
  private static final int PACKET_MAX = 4096;
  private static final long TTL_SECONDS = 1;

  private final DatagramSocket socket;
  private final Map<Name, List<Record>> zone = new ConcurrentHashMap<>();
  private final Set<Name> broken = ConcurrentHashMap.newKeySet();
  private final Set<Name> silent = ConcurrentHashMap.newKeySet();

  private DnsTestServer(DatagramSocket socket) {
    this.socket = socket;
  }

  public static DnsTestServer start() throws IOException {
    DnsTestServer server =
        new DnsTestServer(new DatagramSocket(0, InetAddress.getLoopbackAddress()));
    Thread.ofPlatform().daemon().name("dns-test").start(server::serve);
    return server;
  }

  public int port() {
    return socket.getLocalPort();
  }

  /**
   * @param data as in a zone file: {@code "v=spf1 -all"} for TXT is quoted here
   */
  public DnsTestServer with(String name, String type, String data) throws IOException {
    Name owner = Name.fromString(name, Name.root);
    Record record =
        Record.fromString(owner, Type.value(type), DClass.IN, TTL_SECONDS, data, Name.root);
    zone.computeIfAbsent(owner, any -> new ArrayList<>()).add(record);
    return this;
  }

  /** A TXT record, cut into strings as long ones must be. */
  public DnsTestServer withText(String name, String text) throws IOException {
    StringBuilder quoted = new StringBuilder();
    for (int from = 0; from < text.length(); from += 255) {
      String part = text.substring(from, Math.min(text.length(), from + 255));
      quoted.append('"').append(part.replace(";", "\\;")).append("\" ");
    }
    return with(name, "TXT", quoted.toString());
  }

  public void without(String name) throws IOException {
    zone.remove(Name.fromString(name, Name.root));
  }

  /** SERVFAIL from now on. */
  public void breaks(String name) throws IOException {
    broken.add(Name.fromString(name, Name.root));
  }

  /** No answer from now on. */
  public void ignores(String name) throws IOException {
    silent.add(Name.fromString(name, Name.root));
  }

  @Override
  public void close() {
    socket.close();
  }

  private void serve() {
    byte[] buffer = new byte[PACKET_MAX];
    while (!socket.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        Message query = new Message(Arrays.copyOf(buffer, packet.getLength()));
        if (!silent.contains(query.getQuestion().getName())) {
          byte[] answer = answer(query).toWire(PACKET_MAX);
          socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
      } catch (SocketException closed) {
        return;
      } catch (IOException notAQuery) {
        // The next one may be.
      }
    }
  }

  private Message answer(Message query) {
    Record question = query.getQuestion();
    Message answer = new Message(query.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.getHeader().setFlag(Flags.RA);
    answer.addRecord(question, Section.QUESTION);
    List<Record> records = zone.get(question.getName());
    if (broken.contains(question.getName())) {
      answer.getHeader().setRcode(Rcode.SERVFAIL);
    } else if (records == null) {
      answer.getHeader().setRcode(Rcode.NXDOMAIN);
    } else {
      records.stream()
          .filter(
              record -> record.getType() == question.getType() || record.getType() == Type.CNAME)
          .forEach(record -> answer.addRecord(record, Section.ANSWER));
    }
    return answer;
  }
}
