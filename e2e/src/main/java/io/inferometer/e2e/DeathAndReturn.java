package io.inferometer.e2e;

import io.inferometer.Collectors;
import io.inferometer.collect.CollectException;
import io.inferometer.collect.EngineUnreachableException;
import io.inferometer.fleet.EngineMonitor;
import io.inferometer.fleet.FailureKind;
import io.inferometer.fleet.MonitorListener;
import io.inferometer.fleet.MonitorOptions;
import io.inferometer.fleet.MonitoredTarget;
import io.inferometer.fleet.ScrapeFailure;
import io.inferometer.fleet.TargetState;
import io.inferometer.fleet.TargetView;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineRates;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** An engine is killed while it is watched, and started again. */
final class DeathAndReturn {
    private static final Duration DOWN_AFTER = Duration.ofSeconds(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final double ABSURD_TOKENS_PER_SECOND = 1e5;

    private final String engine;
    private final Starter starter;
    private final Function<EngineClient, Answer> work;

    DeathAndReturn(String engine, Starter starter, Function<EngineClient, Answer> work) {
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
                state(facts, "watched", "while it runs", monitor, TargetState.UP);
                await(monitor, DeathAndReturn::hasGenerated0);
                generated(facts, "watched", monitor, work(url));
                Eventually.get(worst::get, rate -> rate != null && rate > 0, PATIENCE);
                first.kill();
            }
            nextScrape(facts, url);
            state(facts, "killed", "SIGKILL", monitor, TargetState.DOWN);
            FailureKind why = kind(await(monitor, view -> kind(view) == FailureKind.UNREACHABLE));
            facts.that(
                    "killed", "last failure", "SIGKILL", FailureKind.UNREACHABLE, why, why == FailureKind.UNREACHABLE);
            try (EngineProcess second = starter.start()) {
                state(facts, "back", "started again", monitor, TargetState.UP);
                await(monitor, DeathAndReturn::hasGenerated0);
                generated(facts, "back", monitor, work(second.url()));
                TargetView after = await(monitor, view -> view.restarts() > 0);
                facts.same("back", "restarts seen", 1, (long) after.restarts());
            }
        }
        Double seen = worst.get();
        facts.that(
                "back",
                "rates over a restart",
                "some were seen, none negative, none over " + (long) ABSURD_TOKENS_PER_SECOND,
                "tokens/s",
                seen,
                seen != null && seen > 0 && seen < ABSURD_TOKENS_PER_SECOND);
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

    /** Lets the client work, and says how many tokens it got. */
    private long work(String url) {
        try (EngineClient client = new EngineClient(url)) {
            return work.apply(client).generatedTokens();
        }
    }

    private static void nextScrape(Facts facts, String url) {
        long start = System.nanoTime();
        String said = "answered";
        boolean unreachable = false;
        try {
            Collectors.auto().withTimeout(TIMEOUT).collect(url);
        } catch (CollectException e) {
            said = e.getClass().getSimpleName();
            unreachable = e instanceof EngineUnreachableException;
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        facts.that(
                "killed",
                "next scrape",
                "unreachable, within its timeout",
                "SIGKILL",
                "%s after %d ms".formatted(said, took.toMillis()),
                unreachable && took.compareTo(TIMEOUT) < 0);
    }

    private static void state(Facts facts, String scenario, String rule, EngineMonitor monitor, TargetState wanted)
            throws InterruptedException {
        TargetState seen = await(monitor, view -> view.state() == wanted).state();
        facts.that(scenario, "state", rule, wanted, seen, seen == wanted);
    }

    private static void generated(Facts facts, String scenario, EngineMonitor monitor, long tokens)
            throws InterruptedException {
        TargetView seen = await(monitor, view -> Objects.equals(generated(view), tokens));
        facts.same(scenario, "tokens.generated", "of this life of the engine", tokens, generated(seen));
    }

    private static @Nullable FailureKind kind(TargetView view) {
        ScrapeFailure failure = view.lastFailure();
        return failure == null ? null : failure.kind();
    }

    private static boolean hasGenerated0(TargetView view) {
        return Objects.equals(generated(view), 0L);
    }

    private static @Nullable Long generated(TargetView view) {
        EngineMetrics metrics = view.metrics();
        return metrics == null ? null : metrics.tokens().generated();
    }

    private static TargetView await(EngineMonitor monitor, Predicate<TargetView> isGood) throws InterruptedException {
        return Eventually.get(() -> view(monitor), isGood, PATIENCE);
    }

    private static TargetView view(EngineMonitor monitor) {
        return Objects.requireNonNull(monitor.target("it"));
    }
}
