package io.tandemmail.model.dns;

/** The DNS, to be asked. */
@FunctionalInterface
public interface DnsView {
  /** Types that are asked for. */
  enum Type {
    /** The strings of a record joined without space (RFC 7208 section 3.3, RFC 6376 section 3.6.2.2). */
    TXT,
    /** Addresses as text. */
    A,
    AAAA,
    /** Names of the exchanges, without the final dot. */
    MX
  }

  /**
   * @param name absolute, with or without its final dot
   */
  DnsAnswer ask(Type type, String name);
}
