package io.tandemmail.ingest.bounce;

import java.nio.charset.StandardCharsets;

/** Reports as they come in. */
final class Reports {
  static final String POSTFIX =
      """
      Return-Path: <>
      Date: Tue, 24 Nov 2026 10:00:00 +0000 (UTC)
      From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
      Subject: Undelivered Mail Returned to Sender
      To: bounce+receipt-1@shop.example.com
      Auto-Submitted: auto-replied
      MIME-Version: 1.0
      Content-Type: multipart/report; report-type=delivery-status;
      	boundary="9F2.1700000000/mx.example.org"

      This is a MIME-encapsulated message.

      --9F2.1700000000/mx.example.org
      Content-Description: Notification
      Content-Type: text/plain; charset=us-ascii

      <a.nother@example.org> (expanded from <ann@example.net>): host refused

      --9F2.1700000000/mx.example.org
      Content-Description: Delivery report
      Content-Type: message/delivery-status

      Reporting-MTA: dns; mx.example.org
      X-Postfix-Queue-ID: 9F2
      X-Postfix-Sender: rfc822; bounce+receipt-1@shop.example.com
      Arrival-Date: Tue, 24 Nov 2026 09:59:59 +0000 (UTC)

      Final-Recipient: rfc822; a.nother@example.org
      Original-Recipient: rfc822;Ann@example.net
      Action: failed
      Status: 5.1.1
      Remote-MTA: dns; mx2.example.org
      Diagnostic-Code: smtp; 550 5.1.1 <a.nother@example.org>: Recipient address
          rejected: User unknown

      --9F2.1700000000/mx.example.org
      Content-Description: Undelivered Message Headers
      Content-Type: text/rfc822-headers

      Return-Path: <bounce+receipt-1@shop.example.com>
      Message-ID: <own.id@shop.example.com>
      Subject: Your order

      --9F2.1700000000/mx.example.org--
      """;

  /** After RFC 5965 appendix B.2. */
  static final String COMPLAINT =
      """
      From: <abusedesk@example.com>
      Date: Thu, 8 Mar 2005 17:40:36 EDT
      Subject: FW: Earn money
      To: <abuse@example.net>
      MIME-Version: 1.0
      Content-Type: multipart/report; report-type=feedback-report;
           boundary="part1_13d.2e68ed54_boundary"

      --part1_13d.2e68ed54_boundary
      Content-Type: text/plain; charset="US-ASCII"
      Content-Transfer-Encoding: 7bit

      This is an email abuse report.

      --part1_13d.2e68ed54_boundary
      Content-Type: message/feedback-report

      Feedback-Type: abuse
      User-Agent: SomeGenerator/1.0
      Version: 1
      Original-Mail-From: <bounce+receipt-2@shop.example.com>
      Original-Rcpt-To: <user@example.com>
      Received-Date: Thu, 8 Mar 2005 14:00:00 EDT
      Source-IP: 192.0.2.1

      --part1_13d.2e68ed54_boundary
      Content-Type: message/rfc822
      Content-Disposition: inline

      From: <somespammer@example.net>
      Received: from mailserver.example.net by example.com; Thu, 08 Mar 2005 14:00:00 -0400
      To: <Undisclosed Recipients>
      Subject: Earn money
      MIME-Version: 1.0
      Content-type: text/plain
      Message-ID: 8787KJKJ3K4J3K4J3K4J3.mail@example.net

      Spam Spam Spam
      --part1_13d.2e68ed54_boundary--
      """
          .replace(
              "8787KJKJ3K4J3K4J3K4J3.mail@example.net", "<8787KJKJ3K4J3K4J3K4J3.mail@example.net>");

  private Reports() {}

  /** A report around this delivery status. */
  static String status(String status) {
    return """
    To: sender@example.com
    Content-Type: multipart/report; report-type=delivery-status; boundary=b

    --b
    Content-Type: message/delivery-status

    """
        + status
        + "\n--b--\n";
  }

  static byte[] bytes(String message) {
    return message.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
  }
}
