package io.inferometer.fleet;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ThreadsTest {
    private static final MonitorOptions FAST = MonitorOptions.DEFAULTS
            .withInterval(ofMillis(50))
            .withWholeInterval(ofMillis(500))
            .withCloseTimeout(ofSeconds(10));

    private final FakeFleet fleet = new FakeFleet();
    private final CountDownLatch release = new CountDownLatch(1);

    @Test
    void startsFewNamedDaemonsAndLeavesNoneBehind() throws InterruptedException {
        EngineMonitor monitor = fleet.live(FAST);
        addTargets(monitor, 50);
        assertThat(monitor.stats().threads()).isZero();
        assertThat(monitor.isRunning()).isFalse();
        Set<Thread> scraping = ConcurrentHashMap.newKeySet();
        fleet.answer("t0:80", () -> {
            scraping.add(Thread.currentThread());
            return Told.nothing();
        });
        monitor.start();
        monitor.start();
        assertThat(monitor.isRunning()).isTrue();
        assertThat(monitor.awaitScrapes(3, ofSeconds(20))).isTrue();
        assertThat(monitor.stats().threads()).isPositive();
        assertThat(scraping).isNotEmpty().allSatisfy(thread -> {
            assertThat(thread.getName()).matches("inferometer-\\d+-scrape-\\d+");
            assertThat(thread.isDaemon()).isTrue();
        });
        monitor.close();
        assertThat(monitor.stats().threads()).isZero();
        assertThat(scraping).noneMatch(Thread::isAlive);
        assertThat(monitor.isRunning()).isFalse();
    }

    @Test
    void targetsThatHangDelayNoOther() throws InterruptedException {
        EngineMonitor monitor = fleet.live(FAST.withInterval(ofMillis(100)));
        addTargets(monitor, 200);
        for (int i = 0; i < 200; i += 10) {
            fleet.answer("t" + i + ":80", this::hang);
        }
        fleet.whenCancelled(release::countDown);
        monitor.start();
        Thread.sleep(4000);
        List<Integer> healthy = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            if (i % 10 != 0) {
                healthy.add(fleet.asked("t" + i + ":80").size());
            }
        }
        MonitorStats stats = monitor.stats();
        monitor.close();
        assertThat(healthy).allSatisfy(scrapes -> assertThat(scrapes).isGreaterThan(15)); // Of about 40.
        assertThat(stats.threadsMax()).isLessThanOrEqualTo(20 + 20); // One for each that hangs, and few others.
        assertThat(monitor.stats().threads()).isZero();
    }

    /** With two threads one is left for all that is not quick, and five slow targets could use three. */
    @Test
    void slowTargetsThatAlwaysWaitKeepNoNewOneOut() throws InterruptedException {
        EngineMonitor monitor = fleet.live(FAST.withThreadsMax(2));
        addTargets(monitor, 5);
        for (int i = 0; i < 5; i++) {
            fleet.answer("t" + i + ":80", () -> {
                sleep(150);
                return Told.nothing();
            });
        }
        monitor.start();
        assertThat(monitor.awaitScrapes(3, ofSeconds(20))).isTrue();
        monitor.add(MonitoredTarget.of("acme", "http://late:80"));
        awaitAsked("late:80");
        monitor.close();
    }

    /** How long engines take is no sign that this machine does not keep up. */
    @Test
    void enginesThatBecomeSlowKeepNoNewOneOut() throws InterruptedException {
        EngineMonitor monitor = fleet.live(FAST.withInterval(ofMillis(400)));
        addTargets(monitor, 10);
        AtomicInteger pause = new AtomicInteger();
        for (int i = 0; i < 10; i++) {
            fleet.answer("t" + i + ":80", () -> {
                sleep(pause.get());
                return Told.nothing();
            });
        }
        monitor.start();
        assertThat(monitor.awaitScrapes(3, ofSeconds(20))).isTrue();
        pause.set(90); // An eighth of the interval is 50.
        Thread.sleep(2000);
        for (int i = 0; i < 40; i++) {
            monitor.add(MonitoredTarget.of("acme", "http://late" + i + ":80"));
        }
        Thread.sleep(2500); // Four a second would be ten.
        int asked = 0;
        for (int i = 0; i < 40; i++) {
            asked += fleet.asked("late" + i + ":80").isEmpty() ? 0 : 1;
        }
        monitor.close();
        assertThat(asked).isEqualTo(40);
    }

    @Test
    void neverScrapesOneTargetTwiceAtATime() throws InterruptedException {
        EngineMonitor monitor = fleet.live(FAST);
        addTargets(monitor, 5);
        AtomicInteger inFlight = new AtomicInteger();
        AtomicBoolean twice = new AtomicBoolean();
        fleet.answer("t0:80", () -> {
            if (inFlight.incrementAndGet() > 1) {
                twice.set(true);
            }
            sleep(120); // Longer than two intervals.
            inFlight.decrementAndGet();
            return Told.nothing();
        });
        monitor.start();
        assertThat(monitor.awaitScrapes(6, ofSeconds(30))).isTrue();
        monitor.close();
        assertThat(twice).isFalse();
        assertThat(monitor.stats().skippedTicks()).isPositive();
    }

    @Test
    void breaksOffAScrapeWhenItIsClosed() {
        EngineMonitor monitor = fleet.live(FAST.withTimeout(Duration.ofMinutes(5)));
        addTargets(monitor, 1);
        fleet.answer("t0:80", this::hang);
        fleet.whenCancelled(release::countDown);
        monitor.start();
        awaitAsked("t0:80");
        long before = System.nanoTime();
        monitor.close();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(ofSeconds(5));
        assertThat(monitor.stats().threads()).isZero();
    }

    @Test
    void waitsABoundedTimeForWhatCannotBeBrokenOff() {
        EngineMonitor monitor = fleet.live(FAST.withCloseTimeout(ofMillis(300)));
        addTargets(monitor, 1);
        fleet.answer("t0:80", this::hang);
        monitor.start();
        awaitAsked("t0:80");
        long before = System.nanoTime();
        monitor.close();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isBetween(ofMillis(250), ofSeconds(10));
        assertThat(monitor.stats().threads()).isEqualTo(1);
        release.countDown();
    }

    @Test
    void threadsThatAreNotNeededEnd() throws InterruptedException {
        Threads threads = new Threads();
        Object lock = new Object();
        Workers workers = new Workers(lock, threads, 8, watch -> {});
        synchronized (lock) {
            workers.staff(0); // Nothing to do: nobody is woken.
        }
        assertThat(threads.alive()).isZero();
        synchronized (lock) {
            workers.stop();
        }
        threads.join(System.nanoTime() + ofSeconds(5).toNanos());
        assertThat(threads.alive()).isZero();
    }

    @Test
    void mayRunOnTheCallersExecutor() throws InterruptedException {
        ExecutorService executor = Executors.newFixedThreadPool(2, work -> new Thread(work, "mine"));
        try (EngineMonitor monitor = fleet.live(FAST.withExecutor(executor))) {
            Queue<String> names = new ConcurrentLinkedQueue<>();
            addTargets(monitor, 3);
            fleet.answer("t0:80", () -> {
                names.add(Thread.currentThread().getName());
                return Told.nothing();
            });
            monitor.addListener(new MonitorListener() {
                @Override
                public void onSnapshot(TargetView view) {
                    names.add(Thread.currentThread().getName());
                }
            });
            monitor.start();
            assertThat(monitor.awaitScrapes(3, ofSeconds(20))).isTrue();
            assertThat(monitor.stats().threads()).isEqualTo(1); // That which keeps the time.
            assertThat(names).isNotEmpty().containsOnly("mine");
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void anExecutorThatRefusesIsAFailureAndIsTriedAgain() throws InterruptedException {
        AtomicInteger refusals = new AtomicInteger();
        try (EngineMonitor monitor =
                fleet.live(FAST.withBackoffMax(ofMillis(50)).withExecutor(work -> {
                    if (refusals.getAndIncrement() < 3) {
                        throw new RejectedExecutionException("full");
                    }
                    work.run();
                }))) {
            addTargets(monitor, 1);
            monitor.start();
            assertThat(monitor.awaitScrapes(5, ofSeconds(20))).isTrue();
            TargetView view = monitor.targets().get(0);
            assertThat(view.failedScrapes()).isEqualTo(3);
            assertThat(view.state()).isEqualTo(TargetState.UP);
            assertThat(view.lastFailure())
                    .isNotNull()
                    .extracting(ScrapeFailure::message)
                    .isEqualTo(
                            "java.util.concurrent.RejectedExecutionException: full. This is not the engine's doing; look at the log for what threw it.");
        }
    }

    @Test
    void waitsForScrapesNoLongerThanItWasTold() throws InterruptedException {
        EngineMonitor monitor = fleet.live(FAST);
        addTargets(monitor, 1);
        assertThat(monitor.awaitScrapes(1, ofMillis(20))).isFalse(); // Not started.
        monitor.close();
        assertThat(monitor.awaitScrapes(1, ofMinutes(1))).isFalse(); // Never will be.
    }

    @Test
    void eitherRunsByItselfOrIsDriven() {
        try (EngineMonitor monitor = fleet.live(FAST).start()) {
            assertThatIllegalStateException()
                    .isThrownBy(monitor::runDue)
                    .withMessage("The monitor runs by itself since start(); call either start() or runDue().");
        }
    }

    @Test
    void aListenerMayCloseTheMonitor() throws InterruptedException {
        EngineMonitor monitor = fleet.live(FAST);
        addTargets(monitor, 1);
        CountDownLatch closed = new CountDownLatch(1);
        monitor.addListener(new MonitorListener() {
            @Override
            public void onSnapshot(TargetView view) {
                monitor.close();
                closed.countDown();
            }
        });
        monitor.start();
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(monitor.isRunning()).isFalse();
    }

    private void addTargets(EngineMonitor monitor, int count) {
        for (int i = 0; i < count; i++) {
            monitor.add(MonitoredTarget.of("acme", "http://t" + i + ":80"));
        }
    }

    private Told hang() {
        try {
            release.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IllegalStateException("broken off");
    }

    private void awaitAsked(String instance) {
        long deadline = System.nanoTime() + ofSeconds(10).toNanos();
        while (fleet.asked(instance).isEmpty() && System.nanoTime() < deadline) {
            sleep(5);
        }
        assertThat(fleet.asked(instance)).isNotEmpty();
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
