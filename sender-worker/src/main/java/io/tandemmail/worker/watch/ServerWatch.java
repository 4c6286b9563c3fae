package io.tandemmail.worker.watch;

import io.tandemmail.model.server.ServerObservation;
import io.tandemmail.model.server.ServerObservation.Kind;
import io.tandemmail.model.server.ServerObservation.Load;
import io.tandemmail.runtime.time.SteadyClock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What this worker sees of one server, and what of it has not been reported yet.
 *
 * <p>Faults of sessions (none could be opened) and of transactions are counted apart: a probe opens a session and says
 * good-bye, so its success says nothing of a server that greets well and fails at the final dot.
 */
public final class ServerWatch {
  /** A transaction fault that no other followed is of no interest any more. */
  private static final Duration TRANSACTION_FAULT_LIFE = Duration.ofSeconds(60);

  private static final Duration FOR_EVER = Duration.ofDays(100_000);

  private final String server;
  private final String reporter;
  private final Consumer<ServerObservation> report;
  private final LongSupplier nanoTime;

  private int succeeded;
  private int sessionFaults;
  private long firstSessionFault;
  private int transactionFaults;
  private String lastFault = "";
  private String remark = "";
  private long lastTransactionFault;
  private Optional<Long> lastSuccess = Optional.empty();

  private final UsualTime usual = new UsualTime();
  private int silenceFaults;
  private int underWay;
  private int openings;
  private int blamed;
  private long progress;

  private long lastProbe;
  private int probesUnderWay;
  private int goodProbes;

  private int ended;
  private long endedNanos;
  private long backlog;
  private long lastLoad;
  private boolean idle = true;

  /**
   * @param nanoTime a monotonic clock
   */
  public ServerWatch(
      String server, String reporter, Consumer<ServerObservation> report, LongSupplier nanoTime) {
    this.server = server;
    this.reporter = reporter;
    this.report = report;
    this.nanoTime = nanoTime;
    this.lastLoad = nanoTime.getAsLong();
    this.lastProbe = lastLoad;
  }

  /** A session for mail is being opened; {@link #openingEnded} follows. */
  public synchronized void openingBegan() {
    if (underWay + openings++ == 0) {
      moved();
    }
  }

  /** Whatever became of it. */
  public synchronized void openingEnded() {
    openings--;
  }

  /**
   * A session was opened for mail.
   *
   * @param oddity as in {@link #probeSucceeded}: while mail flows there are no probes
   */
  public void sessionOpened(String oddity) {
    synchronized (this) {
      remark = oddity;
    }
    tell(sessionWorked(Kind.PASSIVE, 0));
  }

  /** No session for mail could be opened. */
  public void sessionFailed(String fault) {
    ServerObservation news;
    synchronized (this) {
      countSessionFaults(1);
      lastFault = fault;
      news = observation(Kind.PASSIVE, take(), 1);
    }
    report.accept(news);
  }

  /** A transaction begins; {@link #transactionEnded} or {@link #transactionNotTried} follows. */
  public synchronized void transactionBegan() {
    // Behind a silence that is told, this one shows whether the server is well again.
    if (openings + underWay++ == 0 || silenceFaults > 0) {
      moved();
    }
  }

  /** Whatever became of it. */
  public synchronized void transactionEnded(Duration took) {
    underWay--;
    ended++;
    endedNanos += took.toNanos();
    usual.add(took);
    moved();
  }

  /** Nothing of it was said to the server. */
  public synchronized void transactionNotTried() {
    underWay--;
  }

  /** The server answered a transaction as a healthy one does. The first after faults is told at once. */
  public void transactionSucceeded() {
    Optional<ServerObservation> news = Optional.empty();
    synchronized (this) {
      succeeded++;
      lastSuccess = Optional.of(nanoTime.getAsLong());
      if (sessionFaults + transactionFaults > 0) {
        sessionFaults = 0;
        transactionFaults = 0;
        news = Optional.of(observation(Kind.PASSIVE, take(), 0));
      }
    }
    tell(news);
  }

  /** The server is at fault; never called for what a reply says about a recipient. */
  public void transactionFailed(String fault) {
    ServerObservation news;
    synchronized (this) {
      forgetOldFaults();
      transactionFaults++;
      lastTransactionFault = nanoTime.getAsLong();
      lastFault = fault;
      news = observation(Kind.PASSIVE, take(), 1);
    }
    report.accept(news);
  }

  /** Not one session could be opened for a while, and no transaction went well. */
  synchronized boolean isOutOfReach(ProbePace pace) {
    return pace.isOutOfReach(
        sessionFaults, Duration.ofNanos(nanoTime.getAsLong() - firstSessionFault));
  }

  synchronized boolean isSuspect(ProbePace pace) {
    return pace.isSuspect(signs());
  }

  synchronized boolean wantsProbe(ProbePace pace) {
    return pace.isDue(signs());
  }

  /**
   * Begins a probe if it is time for one; {@link #probeSucceeded}, {@link #probeFailed} or {@link #probeTurnedAway} follows.
   */
  synchronized boolean beginProbe(ProbePace pace) {
    if (!pace.isDue(signs())) {
      return false;
    }
    lastProbe = nanoTime.getAsLong();
    probesUnderWay++;
    return true;
  }

  /**
   * @param oddity what is to be known of a server that works, such as an address that is avoided; empty if nothing
   */
  void probeSucceeded(String oddity) {
    synchronized (this) {
      probesUnderWay--;
      goodProbes++;
      remark = oddity;
    }
    tell(sessionWorked(Kind.PROBE, 1));
  }

  /**
   * Counts a silence of transactions against the server if it is one: those under way once each, then one more each fifth of a
   * second until they are enough. All of that again when it is back in service and mail waits that no connection is free for.
   */
  void tellSilence(ProbePace pace) {
    Optional<ServerObservation> news = Optional.empty();
    synchronized (this) {
      if (silenceFaults > 0
          && backlog > underWay
          && sinceTransactionFault().compareTo(ProbePace.SILENT_AFTER) >= 0) {
        silenceFaults = 0;
      }
      if (underWay > 0 && pace.isSilence(stalled(), usual.get(), silenceFaults)) {
        int faults = silenceFaults == 0 ? underWay : 1;
        silenceFaults += faults;
        transactionFaults += faults;
        lastTransactionFault = nanoTime.getAsLong();
        lastFault =
            underWay + " transactions without an answer for " + stalled().toMillis() + " ms";
        news = Optional.of(observation(Kind.PASSIVE, take(), faults));
      }
    }
    tell(news);
  }

  /** Every session opened so far works, and transactions in them are under way: a server may say that these are enough. */
  synchronized boolean probeMayBeOneTooMany() {
    return isStalled() && sessionFaults == 0;
  }

  /** A server that says that it has enough connections is not silent; more is not known of it. */
  synchronized void probeTurnedAway() {
    probesUnderWay--;
    goodProbes++;
  }

  /**
   * The transactions that do not move either are now known to be stalled by the server, and count once each.
   */
  void probeFailed(String fault) {
    ServerObservation news;
    synchronized (this) {
      probesUnderWay--;
      goodProbes = 0;
      int stalled = isStalled() ? Math.max(0, underWay + openings - blamed) : 0;
      blamed += stalled;
      countSessionFaults(1 + stalled);
      lastFault =
          stalled == 0
              ? fault
              : fault
                  + ", "
                  + stalled
                  + (stalled == 1 ? " transaction" : " transactions")
                  + " stalled";
      news = observation(Kind.PROBE, 0, 1 + stalled);
    }
    report.accept(news);
  }

  /** What waits for this server in the partitions of this worker, under way included. */
  public synchronized void backlog(long messages) {
    backlog = messages;
  }

  /** Reports what has gathered; nothing if nothing has. */
  public void flush() {
    Optional<ServerObservation> news = Optional.empty();
    synchronized (this) {
      forgetOldFaults();
      long now = nanoTime.getAsLong();
      double seconds = Math.max(1, now - lastLoad) / 1e9;
      Load load = new Load(backlog, ended / seconds, ended == 0 ? 0 : endedNanos / 1e6 / ended);
      boolean nothing = load.equals(Load.NONE);
      lastLoad = now;
      ended = 0;
      endedNanos = 0;
      if (!nothing || !idle || succeeded > 0) {
        news = Optional.of(observation(Kind.PASSIVE, take(), 0).withLoad(load));
      }
      idle = nothing;
    }
    tell(news);
  }

  private synchronized Optional<ServerObservation> sessionWorked(Kind kind, int probes) {
    forgetOldFaults();
    boolean recovered = sessionFaults > 0;
    sessionFaults = 0;
    blamed = 0;
    lastSuccess = Optional.of(nanoTime.getAsLong());
    return recovered || kind == Kind.PROBE
        ? Optional.of(observation(kind, probes, 0))
        : Optional.empty();
  }

  private void countSessionFaults(int more) {
    if (sessionFaults == 0) {
      firstSessionFault = nanoTime.getAsLong();
    }
    sessionFaults += more;
  }

  /** With the lock held. */
  private void moved() {
    progress = nanoTime.getAsLong();
    goodProbes = 0;
    blamed = 0;
    silenceFaults = 0;
  }

  private void forgetOldFaults() {
    boolean old = sinceTransactionFault().compareTo(TRANSACTION_FAULT_LIFE) > 0;
    transactionFaults = old ? 0 : transactionFaults;
  }

  private Duration sinceTransactionFault() {
    return Duration.ofNanos(nanoTime.getAsLong() - lastTransactionFault);
  }

  private boolean isStalled() {
    return stalled().compareTo(ProbePace.STALLED_AFTER) >= 0;
  }

  private Duration stalled() {
    return underWay + openings == 0
        ? Duration.ZERO
        : Duration.ofNanos(nanoTime.getAsLong() - progress);
  }

  private ProbePace.Signs signs() {
    return new ProbePace.Signs(
        Duration.ofNanos(nanoTime.getAsLong() - lastProbe),
        sinceSuccess(),
        stalled(),
        sessionFaults,
        goodProbes,
        probesUnderWay);
  }

  private Duration sinceSuccess() {
    return lastSuccess.map(then -> Duration.ofNanos(nanoTime.getAsLong() - then)).orElse(FOR_EVER);
  }

  /** Successes that no report has told yet. */
  private int take() {
    int untold = succeeded;
    succeeded = 0;
    return untold;
  }

  private ServerObservation observation(Kind kind, int itsSucceeded, int itsFailed) {
    int inARow = sessionFaults + transactionFaults;
    return new ServerObservation(
        server,
        reporter,
        SteadyClock.now(),
        kind,
        itsSucceeded,
        itsFailed,
        inARow,
        inARow > 0 ? lastFault : remark);
  }

  private void tell(Optional<ServerObservation> news) {
    news.ifPresent(report);
  }
}
