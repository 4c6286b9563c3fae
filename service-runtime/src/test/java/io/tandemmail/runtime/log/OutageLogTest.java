package io.tandemmail.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OutageLogTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger("outage-log-test");
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private final OutageLog outage = new OutageLog(logger, "report on mx-a");

  @BeforeEach
  void listen() {
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    said.start();
    logger.addAppender(said);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(said);
  }

  @Test
  void anOutageIsTwoLinesHoweverLongItIs() {
    outage.tried(null);
    for (int i = 0; i < 100; i++) {
      outage.tried(new IllegalStateException("no broker, try " + i));
    }
    outage.tried(null);
    outage.tried(null);
    assertThat(lines())
        .containsExactly(
            "cannot report on mx-a: no broker, try 0; said once, until it works again",
            "can report on mx-a again, after 100 failures");

    outage.tried(new IllegalStateException("no broker"));
    assertThat(lines()).hasSize(3);
  }

  private List<String> lines() {
    return said.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
