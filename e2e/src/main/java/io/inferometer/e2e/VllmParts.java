package io.inferometer.e2e;

import io.inferometer.Collectors;
import io.inferometer.collect.Target;
import io.inferometer.collect.WatchedTarget;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.MetricGroup;
import io.inferometer.snapshot.SnapshotSource;
import java.io.IOException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A vLLM of several API servers or data-parallel ranks: one page, put together of all. */
final class VllmParts {
    private static final Set<MetricGroup> LOAD = EnumSet.of(MetricGroup.LOAD);
    private static final int REQUESTS = 10;
    private static final int SCRAPES = 6;

    private final VllmRun run;
    private final Facts facts;
    private final Set<String> ranks;
    private final int atOnce;

    /**
     * Looks at one.
     *
     * @param run the server
     * @param ranks the ranks that its page tells apart; empty when there is one
     * @param atOnce how many requests all ranks run together
     */
    VllmParts(VllmRun run, Set<String> ranks, int atOnce) {
        this.run = run;
        this.facts = run.facts();
        this.ranks = ranks;
        this.atOnce = atOnce;
    }

    void judge() throws IOException, InterruptedException {
        fresh();
        counted();
        noFilteredPage();
        queued();
    }

    /** Such a page names its gauges before it has values for them. */
    private void fresh() {
        EngineMetrics now = run.metrics();
        for (Map.Entry<String, @Nullable Long> gauge : gauges(now).entrySet()) {
            facts.that(
                    "fresh",
                    gauge.getKey(),
                    "absent as long as the page has no sample, or 0",
                    0,
                    gauge.getValue(),
                    gauge.getValue() == null || gauge.getValue() == 0);
        }
    }

    private static Map<String, @Nullable Long> gauges(EngineMetrics now) {
        Map<String, @Nullable Long> gauges = new LinkedHashMap<>();
        gauges.put("fresh: running", now.load().requestsRunning());
        gauges.put("fresh: waiting", now.load().requestsWaiting());
        return gauges;
    }

    private void counted() throws IOException, InterruptedException {
        IntStream.range(0, REQUESTS).forEach(number -> run.client().open(VllmRun.ask("load", "Load " + number, 60)));
        run.client().awaitAll();
        EngineSnapshot after = run.settled().snapshot();
        VllmRequests requests = new VllmRequests(run);
        requests.counted(run.scenario(), run.client().ledger(), after.metrics());
        requests.capacity(run.scenario(), after.metrics());
        facts.that(
                run.scenario(),
                "ranks",
                "as many as there are",
                ranks,
                after.byRank().keySet(),
                after.byRank().keySet().equals(ranks));
        if (!ranks.isEmpty()) {
            long generated = after.byRank().values().stream()
                    .map(part -> part.tokens().generated())
                    .filter(Objects::nonNull)
                    .mapToLong(Long::longValue)
                    .sum();
            facts.same(
                    run.scenario(),
                    "ranks: tokens.generated",
                    "those of all ranks together",
                    run.client().ledger().sumOfDone(Answer::generatedTokens),
                    generated);
        }
    }

    /** In multiprocess mode the filtered page is empty, and must not be believed. */
    private void noFilteredPage() throws InterruptedException {
        try (SteadyLoad load = new SteadyLoad(run.engine().url(), atOnce, VllmRun.longAsk("held"));
                WatchedTarget watch = Collectors.forEngine("vllm")
                        .watch(Target.of(run.engine().url()))) {
            run.await(now -> Objects.equals(VllmRun.inFlight(now), (long) atOnce));
            for (int i = 0; i < SCRAPES; i++) {
                EngineSnapshot now = watch.collect(LOAD);
                facts.that(
                        "held",
                        "source",
                        "never a part, which is empty here",
                        SnapshotSource.WHOLE_PAGE,
                        now.header().source(),
                        now.header().source() == SnapshotSource.WHOLE_PAGE);
                facts.same(
                        "held",
                        "running + waiting",
                        "what the client holds open",
                        atOnce,
                        VllmRun.inFlight(now.metrics()));
            }
        }
        run.settled();
    }

    /** More than all ranks run at once. */
    private void queued() throws InterruptedException {
        try (SteadyLoad load = new SteadyLoad(run.engine().url(), REQUESTS, VllmRun.longAsk("held"))) {
            EngineMetrics busy = run.awaitLoad(atOnce, REQUESTS - atOnce);
            String rule = "%d open, %d at once".formatted(REQUESTS, atOnce);
            facts.same(
                    "load", "load.requests_running", rule, atOnce, busy.load().requestsRunning());
            facts.same(
                    "load",
                    "load.requests_waiting",
                    rule,
                    REQUESTS - atOnce,
                    busy.load().requestsWaiting());
        }
        EngineMetrics after = run.settled().metrics();
        facts.same("drained", "load.requests_running", 0, after.load().requestsRunning());
        facts.same("drained", "load.requests_waiting", 0, after.load().requestsWaiting());
    }
}
