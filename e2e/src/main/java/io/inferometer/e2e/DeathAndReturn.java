package io.inferometer.e2e;

import io.inferometer.Collectors;
import io.inferometer.collect.CollectException;
import io.inferometer.collect.EngineUnreachableException;
import io.inferometer.fleet.EngineMonitor;
import io.inferometer.fleet.MonitorListener;
import io.inferometer.fleet.MonitorOptions;
import io.inferometer.fleet.MonitoredTarget;
import io.inferometer.fleet.TargetState;
import io.inferometer.fleet.TargetView;
import io.inferometer.snapshot.EngineRates;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An engine is killed while it is watched, and started again. */
final class DeathAndReturn {
    private static final Duration DOWN_AFTER = Duration.ofSeconds(2);
    private static final double ABSURD_TOKENS_PER_SECOND = 1e5;

    private final String engine;
    private final Starter starter;
    private final Consumer<EngineClient> work;

    DeathAndReturn(String engine, Starter starter, Consumer<EngineClient> work) {
        this.engine = engine;
        this.starter = starter;
        this.work = work;
    }

    /** Starts the engine, always at the same address. */
    interface Starter {
        EngineProcess start() throws IOException, InterruptedException;
    }

    void judge(Facts facts) throws IOException, InterruptedException {
        MonitorOptions options = MonitorOptions.DEFAULTS
                .withInterval(Duration.ofMillis(200))
                .withWholeInterval(Duration.ofMillis(400))
                .withBackoffMax(Duration.ofSeconds(1))
                .withRatesOver(Duration.ofMillis(200))
                .withStaleAfter(Duration.ofSeconds(1))
                .withDownAfter(DOWN_AFTER);
        AtomicReference<@Nullable Double> worst = new AtomicReference<>();
        EngineProcess first = starter.start();
        String url = first.url();
        try (EngineMonitor monitor = Collectors.monitor(options)) {
            monitor.addListener(new MonitorListener() {
                @Override
                public void onSnapshot(TargetView view) {
                    worst.accumulateAndGet(rateOf(view), DeathAndReturn::worse);
                }
            });
            try (first) {
                monitor.add(MonitoredTarget.of(engine, url).withName("it")).start();
                facts.that("watched", "state", "UP while it runs", "UP", await(monitor, TargetState.UP), isUp(monitor));
                try (EngineClient client = new EngineClient(url)) {
                    work.accept(client);
                }
                await(monitor, view -> view.goodScrapes() > 5);
                first.kill();
            }
            facts.that("killed", "next scrape", "unreachable, in time", "SIGKILL", nextScrape(url), isUnreachable(url));
            facts.that("killed", "state", "DOWN", "SIGKILL", await(monitor, TargetState.DOWN), isDown(monitor));
            try (EngineProcess second = starter.start()) {
                facts.that("back", "state", "UP again", "started", await(monitor, TargetState.UP), isUp(monitor));
                try (EngineClient client = new EngineClient(second.url())) {
                    work.accept(client);
                }
                long scrapes = view(monitor).goodScrapes();
                TargetView after = await(monitor, view -> view.restarts() > 0 && view.goodScrapes() > scrapes + 5);
                facts.same("back", "restarts seen", 1, (long) after.restarts());
            }
        }
        Double seen = worst.get();
        facts.that(
                "back",
                "rates over a restart",
                "never negative, never over " + (long) ABSURD_TOKENS_PER_SECOND,
                "tokens/s",
                seen,
                seen != null && seen >= 0 && seen < ABSURD_TOKENS_PER_SECOND);
    }

    private static @Nullable Double rateOf(TargetView view) {
        EngineRates rates = view.rates();
        return rates == null ? null : rates.generatedTokensPerSecond();
    }

    private static @Nullable Double worse(@Nullable Double one, @Nullable Double other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one < 0 ? one : other < 0 ? other : (Double) Math.max(one, other);
    }

    private static String nextScrape(String url) {
        long start = System.nanoTime();
        try {
            Collectors.auto().withTimeout(Duration.ofSeconds(2)).collect(url);
            return "answered";
        } catch (CollectException e) {
            return "%s after %d ms".formatted(e.getClass().getSimpleName(), (System.nanoTime() - start) / 1_000_000);
        }
    }

    private static boolean isUnreachable(String url) {
        long start = System.nanoTime();
        try {
            Collectors.auto().withTimeout(Duration.ofSeconds(2)).collect(url);
            return false;
        } catch (EngineUnreachableException e) {
            return System.nanoTime() - start < 2_000_000_000L;
        } catch (CollectException e) {
            return false;
        }
    }

    private static boolean isUp(EngineMonitor monitor) {
        return view(monitor).state() == TargetState.UP;
    }

    private static boolean isDown(EngineMonitor monitor) {
        TargetView view = view(monitor);
        return view.state() == TargetState.DOWN && view.lastFailure() != null;
    }

    private static TargetState await(EngineMonitor monitor, TargetState state) throws InterruptedException {
        return await(monitor, view -> view.state() == state).state();
    }

    private static TargetView await(EngineMonitor monitor, java.util.function.Predicate<TargetView> isGood)
            throws InterruptedException {
        return Eventually.get(() -> view(monitor), isGood, Duration.ofSeconds(20));
    }

    private static TargetView view(EngineMonitor monitor) {
        return Objects.requireNonNull(monitor.target("it"));
    }
}
