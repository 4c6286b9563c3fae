package io.tandemmail.model.wire;

/** Record header names. Values are UTF-8 text; instants are ISO-8601 ({@code 2026-11-24T10:00:00.123Z}). */
public final class HeaderNames {
  // A producer may set these (docs/contract.md, "A submission").
  public static final String CONTENT_TYPE = "content-type";
  public static final String ID = "tandem-id";
  public static final String ROUTE = "tandem-route";
  public static final String MAIL_FROM = "tandem-mail-from";

  /** One header per recipient. */
  public static final String RCPT_TO = "tandem-rcpt-to";

  public static final String SEND_AT = "tandem-send-at";
  public static final String EXPIRES_AT = "tandem-expires-at";

  // The router stamps these on what it routes.
  public static final String SUBMITTED_AT = "tandem-submitted-at";
  public static final String ATTEMPT = "tandem-attempt";
  public static final String HOPS = "tandem-hops";
  public static final String METADATA = "tandem-metadata";
  public static final String SERVER = "tandem-server";
  public static final String ROLE = "tandem-role";
  public static final String EPOCH = "tandem-epoch";

  // A worker stamps these on what it returns; the router's reasons on what it rejects.
  public static final String NOT_BEFORE = "tandem-not-before";
  public static final String REASON = "tandem-reason";

  /** Id of the server whose fault the last attempt was; the router prefers another for the next one. */
  public static final String AVOID = "tandem-avoid";

  /** One header per recipient that may have the message already; and the server that may have taken it. */
  public static final String IN_DOUBT = "tandem-in-doubt";

  public static final String IN_DOUBT_SERVER = "tandem-in-doubt-server";

  public static final String ORIGIN = "tandem-origin";

  // "tandem in-doubt resolve" stamps these.
  public static final String RESOLVED_AS = "tandem-resolved-as";
  public static final String RESOLVED_BY = "tandem-resolved-by";
  public static final String RESOLVED_WHY = "tandem-resolved-why";

  /** What the outcomes on disk say of a message that was accepted before a power loss; base64. */
  public static final String STATE = "tandem-state";

  // W3C trace context, copied through untouched.
  public static final String TRACEPARENT = "traceparent";
  public static final String TRACESTATE = "tracestate";

  public static final String JSON = "application/json";
  public static final String RFC822 = "message/rfc822";

  private HeaderNames() {}
}
