package io.inferometer.fleet;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.collect.TestFailures;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ListenersTest {
    private static final MonitorOptions EACH_SECOND = MonitorOptions.DEFAULTS.withInterval(ofSeconds(1));

    private final FakeFleet fleet = new FakeFleet();
    private final List<String> heard = new ArrayList<>();

    private final class Recorder implements MonitorListener {
        @Override
        public void onSnapshot(TargetView view) {
            heard.add("snapshot " + view.goodScrapes());
        }

        @Override
        public void onFailure(TargetView view) {
            heard.add("failure " + view.consecutiveFailures());
        }

        @Override
        public void onStateChange(TargetView view, TargetState before) {
            heard.add(before + " to " + view.state());
        }
    }

    @Test
    void hearWhatHappensInOrder() {
        EngineMonitor monitor = fleet.monitor(EACH_SECOND).add(target("a"));
        ListenerHandle handle = monitor.addListener(new Recorder());
        fleet.run(monitor, ofMillis(600));
        fleet.answer("a:80", () -> {
            throw TestFailures.timedOut("x");
        });
        fleet.run(monitor, ofMillis(3100)); // Fails at 1.5 s, 2.5 s; stale at 3.5 s.
        assertThat(heard)
                .containsExactly("snapshot 1", "UNKNOWN to UP", "snapshot 2", "failure 1", "failure 2", "UP to STALE");
        assertThat(handle.delivered()).isEqualTo(6);
        assertThat(handle.dropped()).isZero();
        assertThat(handle.errors()).isZero();
        MonitorStats stats = monitor.stats();
        assertThat(stats.listenerEvents()).isEqualTo(6);
        assertThat(stats.failures()).isEqualTo(Map.of(FailureKind.TIMED_OUT, 2L));
        assertThat(stats.scrapes()).isEqualTo(4);
    }

    @Test
    void thatWereClosedHearNoMore() {
        EngineMonitor monitor = fleet.monitor(EACH_SECOND).add(target("a"));
        ListenerHandle handle = monitor.addListener(new Recorder());
        fleet.run(monitor, ofMillis(100));
        handle.close();
        fleet.run(monitor, ofSeconds(5));
        assertThat(heard).hasSize(2);
    }

    @Test
    void thatThrowHarmNobodyAndAreCounted() {
        EngineMonitor monitor = fleet.monitor(EACH_SECOND).add(target("a"));
        ListenerHandle broken = monitor.addListener(new MonitorListener() {
            @Override
            public void onSnapshot(TargetView view) {
                throw new IllegalArgumentException("a bug");
            }
        });
        monitor.addListener(new Recorder());
        fleet.run(monitor, ofMillis(1600));
        assertThat(heard).containsExactly("snapshot 1", "UNKNOWN to UP", "snapshot 2", "snapshot 3");
        assertThat(broken.errors()).isEqualTo(3);
        assertThat(broken.delivered()).isEqualTo(4);
        assertThat(monitor.stats().listenerErrors()).isEqualTo(3);
        assertThat(monitor.stats().byState()).isEqualTo(Map.of(TargetState.UP, 1));
    }

    @Test
    void ofARemovedTargetHearNoMoreOfIt() {
        EngineMonitor monitor = fleet.monitor(EACH_SECOND).add(target("a"));
        monitor.addListener(new Recorder());
        fleet.answer("a:80", () -> {
            monitor.remove("a:80"); // While it is scraped.
            return Told.nothing();
        });
        monitor.runDue();
        assertThat(heard).isEmpty();
        assertThat(monitor.targets()).isEmpty();
    }

    @Test
    void thatAreSlowLoseTheOldestSnapshotsAndNoChangeOfState() {
        Queue<String> late = new ConcurrentLinkedQueue<>();
        List<Runnable> turns = new ArrayList<>();
        Counters counters = new Counters();
        Delivery delivery = new Delivery(
                event -> late.add(event.kind() + " " + event.view().goodScrapes()),
                3,
                turns::add,
                counters,
                gone -> {});
        delivery.offer(event(MonitorEvent.Kind.SNAPSHOT, 1));
        delivery.offer(event(MonitorEvent.Kind.STATE_CHANGE, 1));
        delivery.offer(event(MonitorEvent.Kind.SNAPSHOT, 2));
        delivery.offer(event(MonitorEvent.Kind.SNAPSHOT, 3)); // Drops the first snapshot.
        delivery.offer(event(MonitorEvent.Kind.SNAPSHOT, 4)); // Drops the second.
        delivery.offer(event(MonitorEvent.Kind.STATE_CHANGE, 4)); // Drops the third.
        assertThat(turns).hasSize(1); // One turn at a time.
        turns.get(0).run();
        assertThat(late).containsExactly("STATE_CHANGE 1", "SNAPSHOT 4", "STATE_CHANGE 4");
        assertThat(delivery.dropped()).isEqualTo(3);
        assertThat(counters.listenerDrops.sum()).isEqualTo(3);
        delivery.offer(event(MonitorEvent.Kind.SNAPSHOT, 5));
        assertThat(turns).hasSize(2);
    }

    @Test
    void whoseQueueHoldsOnlyChangesLoseTheOldestOfThem() {
        List<Runnable> turns = new ArrayList<>();
        List<Long> late = new ArrayList<>();
        Delivery delivery =
                new Delivery(event -> late.add(event.view().goodScrapes()), 2, turns::add, new Counters(), gone -> {});
        delivery.offer(event(MonitorEvent.Kind.STATE_CHANGE, 1));
        delivery.offer(event(MonitorEvent.Kind.STATE_CHANGE, 2));
        delivery.offer(event(MonitorEvent.Kind.STATE_CHANGE, 3));
        turns.get(0).run();
        assertThat(late).containsExactly(2L, 3L);
    }

    @Test
    void whoseExecutorRefusesAreTriedAgainWithTheNextEvent() {
        List<Long> late = new ArrayList<>();
        boolean[] full = {true};
        Delivery delivery = new Delivery(
                event -> late.add(event.view().goodScrapes()),
                9,
                work -> {
                    if (full[0]) {
                        throw new RejectedExecutionException("full");
                    }
                    work.run();
                },
                new Counters(),
                gone -> {});
        delivery.offer(event(MonitorEvent.Kind.SNAPSHOT, 1));
        assertThat(late).isEmpty();
        full[0] = false;
        delivery.offer(event(MonitorEvent.Kind.SNAPSHOT, 2));
        assertThat(late).containsExactly(1L, 2L);
    }

    @Test
    void thatHangDelayNeitherScrapesNorOthersAndCloseGivesThemUp() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch fine = new CountDownLatch(10);
        EngineMonitor monitor = fleet.live(EACH_SECOND
                        .withInterval(ofMillis(20))
                        .withListenerQueueMax(4)
                        .withCloseTimeout(ofMillis(300)))
                .add(target("a"));
        ListenerHandle stuck = monitor.addListener(new MonitorListener() {
            @Override
            public void onSnapshot(TargetView view) {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        monitor.addListener(new MonitorListener() {
            @Override
            public void onSnapshot(TargetView view) {
                fine.countDown();
            }
        });
        monitor.start();
        assertThat(fine.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(stuck.delivered()).isZero();
        assertThat(stuck.dropped()).isPositive();
        assertThat(monitor.stats().listenerDrops()).isPositive();
        monitor.close(); // Interrupts it.
        never.countDown();
    }

    @Test
    void hearWhatStillWaitsWhenTheMonitorIsClosed() throws InterruptedException {
        Queue<Long> late = new ConcurrentLinkedQueue<>();
        EngineMonitor monitor =
                fleet.live(EACH_SECOND.withInterval(ofMillis(20))).add(target("a"));
        monitor.addListener(new MonitorListener() {
            @Override
            public void onSnapshot(TargetView view) {
                try {
                    Thread.sleep(30);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                late.add(view.goodScrapes());
            }
        });
        monitor.start();
        assertThat(monitor.awaitScrapes(5, ofSeconds(20))).isTrue();
        monitor.close();
        assertThat(late).hasSizeGreaterThanOrEqualTo(5);
        assertThat(new ArrayList<>(late)).isSorted();
        assertThat(monitor.stats().threads()).isZero();
    }

    @Test
    void mayBeSubscribersThatAskForAsMuchAsTheyWant() {
        EngineMonitor monitor = fleet.monitor(EACH_SECOND).add(target("a"));
        Subscriber subscriber = new Subscriber();
        monitor.events().subscribe(subscriber);
        fleet.run(monitor, ofMillis(100));
        assertThat(subscriber.heard).isEmpty(); // Nothing was asked for.
        subscriber.request(1);
        assertThat(subscriber.heard).containsExactly("SNAPSHOT");
        subscriber.request(5);
        assertThat(subscriber.heard).containsExactly("SNAPSHOT", "STATE_CHANGE");
        fleet.run(monitor, ofSeconds(1));
        assertThat(subscriber.heard).containsExactly("SNAPSHOT", "STATE_CHANGE", "SNAPSHOT");
        monitor.close();
        assertThat(subscriber.heard).containsExactly("SNAPSHOT", "STATE_CHANGE", "SNAPSHOT", "complete");
    }

    @Test
    void mayBeSubscribersThatCancel() {
        EngineMonitor monitor = fleet.monitor(EACH_SECOND).add(target("a"));
        Subscriber subscriber = new Subscriber();
        monitor.events().subscribe(subscriber);
        subscriber.request(Long.MAX_VALUE);
        subscriber.request(Long.MAX_VALUE); // Without end, twice.
        fleet.run(monitor, ofMillis(100));
        subscriber.cancel();
        fleet.run(monitor, ofSeconds(5));
        monitor.close();
        assertThat(subscriber.heard).containsExactly("SNAPSHOT", "STATE_CHANGE");
    }

    @Test
    void mayBeSubscribersThatAskForNothingAndAreToldSo() {
        EngineMonitor monitor = fleet.monitor(EACH_SECOND).add(target("a"));
        Subscriber subscriber = new Subscriber();
        monitor.events().subscribe(subscriber);
        subscriber.request(0);
        assertThat(subscriber.heard).containsExactly("request(n) needs n of 1 or more; found 0. See Flow.");
        fleet.run(monitor, ofSeconds(5));
        assertThat(subscriber.heard).hasSize(1);
    }

    @Test
    void mayBeSubscribersThatAreNeverCalledTwiceAtATime() throws InterruptedException {
        CountDownLatch inNext = new CountDownLatch(1);
        CountDownLatch mayLeave = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Subscriber subscriber = new Subscriber() {
            @Override
            public void onNext(MonitorEvent event) {
                inNext.countDown();
                await(mayLeave);
                super.onNext(event);
            }

            @Override
            public void onError(Throwable error) {
                super.onError(error);
                ended.countDown();
            }
        };
        try (EngineMonitor monitor = fleet.live(MonitorOptions.DEFAULTS).add(target("a"))) {
            monitor.events().subscribe(subscriber);
            subscriber.request(1);
            monitor.start();
            await(inNext);
            subscriber.request(-1);
            assertThat(subscriber.heard).isEmpty(); // Nobody else may call it now.
            mayLeave.countDown();
            await(ended);
            assertThat(subscriber.heard)
                    .containsExactly("SNAPSHOT", "request(n) needs n of 1 or more; found -1. See Flow.");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void mayBeSubscribersWhoseErrorEndsOnlyThem() {
        EngineMonitor monitor = fleet.monitor(EACH_SECOND).add(target("a"));
        Subscriber subscriber = new Subscriber();
        subscriber.breaks = true;
        monitor.events().subscribe(subscriber);
        subscriber.request(9);
        fleet.run(monitor, ofSeconds(5));
        assertThat(subscriber.heard).containsExactly("SNAPSHOT");
        assertThat(monitor.stats().listenerErrors()).isEqualTo(1);
    }

    @Test
    void thatSubscribeTooLateAreToldThatItIsOver() {
        EngineMonitor monitor = fleet.monitor(EACH_SECOND);
        monitor.close();
        Subscriber subscriber = new Subscriber();
        monitor.events().subscribe(subscriber);
        assertThat(subscriber.heard).containsExactly("complete");
    }

    private static class Subscriber implements Flow.Subscriber<MonitorEvent> {
        private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
        private boolean breaks;
        private volatile Flow.@Nullable Subscription subscription;

        void request(long count) {
            if (subscription != null) {
                subscription.request(count);
            }
        }

        void cancel() {
            if (subscription != null) {
                subscription.cancel();
            }
        }

        @Override
        public void onSubscribe(Flow.Subscription own) {
            subscription = own;
        }

        @Override
        public void onNext(MonitorEvent event) {
            heard.add(event.kind().name());
            if (breaks) {
                throw new IllegalArgumentException("a bug");
            }
        }

        @Override
        public void onError(Throwable error) {
            heard.add(String.valueOf(error.getMessage()));
        }

        @Override
        public void onComplete() {
            heard.add("complete");
        }
    }

    private static MonitorEvent event(MonitorEvent.Kind kind, int scrapes) {
        MonitoredTarget target = target("a");
        Pace pace = Pace.of(target, MonitorOptions.DEFAULTS);
        Reading reading = Reading.begin(pace);
        for (int i = 0; i < scrapes; i++) {
            reading = reading.afterLoad(new Timed(Told.nothing().whole("a:80", FakeClock.START), i), pace);
        }
        return new MonitorEvent(kind, new ReadingView(target, pace, reading, scrapes, FakeClock.START), null);
    }

    private static MonitoredTarget target(String host) {
        return MonitoredTarget.of("acme", "http://" + host + ":80");
    }
}
