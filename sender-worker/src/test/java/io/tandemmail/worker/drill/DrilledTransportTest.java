package io.tandemmail.worker.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.server.Drill;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.smtp.ConnectResult;
import io.tandemmail.smtp.Lookahead;
import io.tandemmail.smtp.MailTransaction;
import io.tandemmail.smtp.ServerEndpoint;
import io.tandemmail.smtp.SmtpSession;
import io.tandemmail.smtp.TransactionResult;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class DrilledTransportTest {
  private static final ServerEndpoint MX_A =
      ServerEndpoint.of(ServerSettings.plain("mx-a", "h", 25), "mx.test");

  private final AtomicReference<ServerHealth> health =
      new AtomicReference<>(ServerHealth.unknown("mx-a"));
  private final DrilledTransport transport =
      new DrilledTransport(
          endpoint -> new ConnectResult.Connected(new OpenSession()), server -> health.get());

  @Test
  void whileItsLossIsRehearsedAServerRefusesAndWhatIsOpenIsNotUsedAgain() {
    SmtpSession open = ((ConnectResult.Connected) transport.connect(MX_A)).session();
    assertThat(open.usable()).isTrue();

    drill(Drill.Kind.PRIMARY_LOSS, 100);
    assertThat(open.usable()).isFalse();
    assertThat(transport.connect(MX_A))
        .isInstanceOfSatisfying(
            ConnectResult.Unreachable.class,
            refused -> assertThat(refused.fault().toString()).contains("refused", "d-1"));

    health.set(ServerHealth.unknown("mx-a"));
    assertThat(transport.connect(MX_A)).isInstanceOf(ConnectResult.Connected.class);
  }

  @Test
  void otherDrillsLeaveConnectionsAlone() {
    drill(Drill.Kind.PRIMARY_LOSS, 5);
    assertThat(transport.connect(MX_A)).isInstanceOf(ConnectResult.Connected.class);
    drill(Drill.Kind.DRAIN, 100);
    assertThat(transport.connect(MX_A)).isInstanceOf(ConnectResult.Connected.class);
    drill(Drill.Kind.OVERLOAD, 100);
    assertThat(transport.connect(MX_A)).isInstanceOf(ConnectResult.Connected.class);
  }

  private void drill(Drill.Kind kind, int canary) {
    Instant now = Instant.EPOCH;
    Drill drill = new Drill("d-1", "default", kind, canary, now, now.plusSeconds(60));
    health.set(ServerHealth.unknown("mx-a").drilled(Optional.of(drill)));
  }

  private static final class OpenSession implements SmtpSession {
    @Override
    public boolean usable() {
      return true;
    }

    @Override
    public TransactionResult deliver(
        MailTransaction mail, BooleanSupplier fresh, Lookahead lookahead) {
      throw new AssertionError("nothing is delivered here");
    }

    @Override
    public void abort() {}

    @Override
    public void close() {}
  }
}
