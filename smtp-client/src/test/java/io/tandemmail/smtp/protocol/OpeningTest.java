package io.tandemmail.smtp.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.Reply;
import io.tandemmail.smtp.protocol.Opening.Next;
import io.tandemmail.smtp.protocol.Opening.StartTls;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** From the greeting to ready, refused or broken. */
class OpeningTest {
  private static final Login ANN = new Login("ann", "secret", Optional.empty());

  @Test
  void anUnknownEhloIsTriedAsHelo() {
    Opening opening = opening(StartTls.IF_OFFERED, Optional.empty());
    opening.replied(reply(220, "hello"));

    assertThat(opening.replied(reply(502, "what?"))).isEqualTo(new Next.Ask("HELO me", Phase.EHLO));
    assertThat(opening.replied(reply(250, "x"))).isEqualTo(new Next.Ready(Capabilities.NONE));
  }

  @Test
  void whatWasOfferedBeforeTlsIsForgotten() {
    Opening opening = opening(StartTls.REQUIRED, Optional.empty());
    opening.replied(reply(220, "hello"));
    assertThat(opening.replied(reply(250, "x / STARTTLS / CHUNKING")))
        .isEqualTo(new Next.Ask("STARTTLS", Phase.STARTTLS));
    assertThat(opening.replied(reply(220, "go"))).isEqualTo(new Next.Secure());
    assertThat(opening.secured()).isEqualTo(new Next.Ask("EHLO me", Phase.EHLO));

    assertThat(opening.replied(reply(250, "x / PIPELINING")))
        .isInstanceOfSatisfying(
            Next.Ready.class,
            ready -> assertThat(ready.capabilities().keywords()).containsExactly("PIPELINING"));
  }

  @Test
  void strippedStartTlsIsAFaultWhenTlsIsRequiredAndAcceptedWhenItIsNot() {
    assertThat(afterEhlo(StartTls.REQUIRED, Optional.empty(), "x / SIZE"))
        .isInstanceOfSatisfying(
            Next.Broken.class, b -> assertThat(b.fault().kind()).isEqualTo(Fault.Kind.TLS));
    assertThat(afterEhlo(StartTls.IF_OFFERED, Optional.empty(), "x / SIZE"))
        .isInstanceOf(Next.Ready.class);
    Opening old = opening(StartTls.REQUIRED, Optional.empty());
    old.replied(reply(220, "hello"));
    assertThat(old.replied(reply(502, "no EHLO"))).isInstanceOf(Next.Broken.class);
  }

  @Test
  void aPasswordNeverGoesWithoutTls() {
    Opening elsewhere =
        new Opening(new Opening.Plan("me", StartTls.IF_OFFERED, false, Optional.of(ANN), false));
    elsewhere.replied(reply(220, "hello"));

    assertThat(elsewhere.replied(reply(250, "x / AUTH PLAIN")))
        .isInstanceOfSatisfying(
            Next.Broken.class,
            b -> assertThat(b.fault().kind()).isEqualTo(Fault.Kind.AUTH_WITHOUT_TLS));
  }

  @Test
  void plainGoesWithItsCommand() {
    assertThat(afterEhlo(StartTls.NEVER, Optional.of(ANN), "x / AUTH PLAIN LOGIN"))
        .isEqualTo(new Next.Ask("AUTH PLAIN " + base64("\0ann\0secret"), Phase.AUTH));
  }

  @Test
  void loginAnswersTwoChallenges() {
    Opening opening = opening(StartTls.NEVER, Optional.of(ANN));
    opening.replied(reply(220, "hello"));

    assertThat(opening.replied(reply(250, "x / AUTH=LOGIN")))
        .isEqualTo(new Next.Ask("AUTH LOGIN", Phase.AUTH));
    assertThat(opening.replied(reply(334, base64("Username:"))))
        .isEqualTo(new Next.Ask(base64("ann"), Phase.AUTH));
    assertThat(opening.replied(reply(334, base64("Password:"))))
        .isEqualTo(new Next.Ask(base64("secret"), Phase.AUTH));
    assertThat(opening.replied(reply(235, "welcome"))).isInstanceOf(Next.Ready.class);
  }

  @Test
  void cramMd5IsPreferredInClearAndAnswersAsRfc2195Shows() {
    Login tim = new Login("tim", "tanstaaftanstaaf", Optional.empty());
    Opening opening = opening(StartTls.NEVER, Optional.of(tim));
    opening.replied(reply(220, "hello"));

    assertThat(opening.replied(reply(250, "x / AUTH PLAIN CRAM-MD5")))
        .isEqualTo(new Next.Ask("AUTH CRAM-MD5", Phase.AUTH));
    assertThat(opening.replied(reply(334, base64("<1896.697170952@postoffice.reston.mci.net>"))))
        .isEqualTo(new Next.Ask(base64("tim b913a602c7eda7a495b4e6e7334d3890"), Phase.AUTH));
  }

  @Test
  void aRefusedTokenIsAnsweredWithAnEmptyLineAndThenRefused() {
    Login token = new Login("ann", "ya29", Optional.of(Mechanism.XOAUTH2));
    Opening opening = opening(StartTls.NEVER, Optional.of(token));
    opening.replied(reply(220, "hello"));
    opening.replied(reply(250, "x / AUTH XOAUTH2"));

    assertThat(opening.replied(reply(334, base64("{\"status\":\"401\"}"))))
        .isEqualTo(new Next.Ask("", Phase.AUTH));
    assertThat(opening.replied(reply(535, "no"))).isInstanceOf(Next.Refused.class);
  }

  @Test
  void aServerWithoutAMechanismThatCanBeUsedIsRefusedByUs() {
    assertThat(afterEhlo(StartTls.NEVER, Optional.of(ANN), "x / AUTH GSSAPI"))
        .isInstanceOfSatisfying(
            Next.Refused.class,
            r -> assertThat(r.reply().toString()).contains("504").contains("GSSAPI"));
  }

  @Test
  void aServerThatChallengesForEverIsLeft() {
    Opening opening = opening(StartTls.NEVER, Optional.of(ANN));
    opening.replied(reply(220, "hello"));
    opening.replied(reply(250, "x / AUTH LOGIN"));
    Next next = new Next.Secure();
    for (int i = 0; i < 4; i++) {
      next = opening.replied(reply(334, "more"));
    }
    assertThat(next).isInstanceOf(Next.Refused.class);
  }

  @Test
  void limitsAndSizesAreRead() {
    Capabilities offered =
        Capabilities.of(
            reply(
                250,
                "x / SIZE 1000 / LIMITS MAILMAX=5 RCPTMAX=7 OTHER=1 / size / LIMITS RCPTMAX=x"));
    assertThat(offered.contentBytesMax()).isEqualTo(1000);
    assertThat(offered.transactionsMax()).isEqualTo(5);
    assertThat(offered.recipientsMax()).isEqualTo(7);
    assertThat(Capabilities.of(reply(250, "x / SIZE 0")).contentBytesMax())
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void noSecretIsShown() {
    assertThat(ANN.toString() + new Next.Ask("AUTH PLAIN c2VjcmV0", Phase.AUTH))
        .doesNotContain("secret")
        .doesNotContain("c2VjcmV0");
  }

  private static Next afterEhlo(StartTls startTls, Optional<Login> login, String ehlo) {
    Opening opening = opening(startTls, login);
    opening.replied(reply(220, "hello"));
    return opening.replied(reply(250, ehlo));
  }

  private static Opening opening(StartTls startTls, Optional<Login> login) {
    return new Opening(new Opening.Plan("me", startTls, false, login, true));
  }

  private static Reply reply(int code, String text) {
    return new Reply(code, Optional.empty(), text);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
