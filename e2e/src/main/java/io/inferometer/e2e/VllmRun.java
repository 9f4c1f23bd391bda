package io.inferometer.e2e;

import io.inferometer.Collectors;
import io.inferometer.collect.Target;
import io.inferometer.collect.WatchedTarget;
import io.inferometer.e2e.Answer.Outcome;
import io.inferometer.e2e.EngineClient.OpenRequest;
import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineRates;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.MetricGroup;
import io.inferometer.snapshot.SnapshotSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What is done to one vLLM, and what has to hold then. */
final class VllmRun implements AutoCloseable {
    private static final Duration SETTLING = Duration.ofSeconds(90);
    private static final Set<MetricGroup> LOAD = EnumSet.of(MetricGroup.LOAD);
    private static final int SCRAPES = 300;
    private static final double CHEAPER = 8;

    private final EngineProcess engine;
    private final String scenario;
    private final Facts facts;
    private final Place place;
    private final EngineClient client;

    VllmRun(EngineProcess engine, String scenario, Facts facts, Place place) {
        this.engine = engine;
        this.scenario = scenario;
        this.facts = facts;
        this.place = place;
        this.client = new EngineClient(engine.url());
    }

    @Override
    public void close() {
        client.close();
    }

    void fresh() {
        EngineMetrics now = metrics();
        facts.same("fresh", "load.requests_running", 0, now.load().requestsRunning());
        facts.same("fresh", "load.requests_waiting", 0, now.load().requestsWaiting());
        facts.same("fresh", "tokens.prompt", 0, now.tokens().prompt());
        facts.same("fresh", "requests.succeeded", 0, now.requests().succeeded());
        facts.that(
                "fresh",
                "load.asleep",
                "awake",
                false,
                now.load().asleep(),
                Boolean.FALSE.equals(now.load().asleep()));
    }

    /** Requests of every kind, one after another. */
    void mixed() throws IOException, InterruptedException {
        EngineSnapshot before = snapshot();
        client.ask(ask("length", "The first request", 20));
        client.ask(ask("streamed", "The second request", 20).streamed());
        client.ask(Ask.chat("chat", VllmServer.MODEL, "Hello there", 15));
        client.ask(
                Ask.chat("chat, streamed", VllmServer.MODEL, "Hello again", 15).streamed());
        client.ask(ask("two choices", "Twice", 10).with("n", 2).with("temperature", 1));
        client.ask(ask("one token", "Just one", 1));
        Answer unknown = client.ask(Ask.completion("unknown model", "no-such-model", "Hello", 4));
        Answer tooLong = client.ask(ask("too long", "x".repeat(4000), 4));
        Answer bad = client.send("bad JSON", "/v1/completions", "{\"prompt\": ");
        EngineSnapshot after = settled();
        facts.that(
                scenario,
                "client: refused",
                "4xx, 4xx, 4xx",
                3,
                List.of(unknown.status(), tooLong.status(), bad.status()),
                client.ledger().count(Outcome.REFUSED) == 3);
        requestsAndTokens("mixed", client.ledger(), after.metrics());
        rates(client.ledger(), before, after);
        facts.same(
                "command",
                "command: collect",
                "generated tokens as the client counted",
                client.ledger().sumOfDone(Answer::generatedTokens),
                (Long) place.inferometer()
                        .json("collect", "vllm", engine.url(), "--json")
                        .path("metrics")
                        .path("tokens")
                        .path("generated")
                        .asLong(-1));
    }

    /** The same long beginning again and again. */
    void prefixCache() throws InterruptedException {
        Ledger earlier = client.ledger();
        EngineMetrics before = metrics();
        String prefix = "A long beginning that is always the same. ".repeat(16);
        for (String end : List.of("one", "two", "three", "four")) {
            client.ask(ask("repeated prefix", prefix + end, 4));
        }
        EngineMetrics after = settled().metrics();
        Ledger now = client.ledger().since(earlier);
        long cached = now.sumOfDone(Answer::cachedTokens);
        facts.that("prefix", "client: cached", "some were", "> 0", cached, cached > 0);
        grew(
                "prefix",
                "cache.prefix_hits",
                "usage's cached tokens",
                cached,
                before.cache().prefixHits(),
                after.cache().prefixHits());
        grew(
                "prefix",
                "cache.prefix_queries",
                "all prompt tokens",
                now.sumOfDone(Answer::promptTokens),
                before.cache().prefixQueries(),
                after.cache().prefixQueries());
        grew(
                "prefix",
                "tokens.cached_prompt",
                "usage's cached tokens",
                cached,
                before.tokens().cachedPrompt(),
                after.tokens().cachedPrompt());
        Long hits = after.cache().prefixHits();
        Long queries = after.cache().prefixQueries();
        facts.near(
                "prefix",
                "cache.hit_rate",
                "hits / queries",
                hits == null || queries == null ? -1 : (double) hits / queries,
                after.cache().hitRate(),
                1e-9);
    }

    /** Streams one after another, timed by the client. */
    void latency() throws InterruptedException {
        EngineMetrics before = metrics();
        Ledger earlier = client.ledger();
        IntStream.range(0, 6)
                .forEach(number ->
                        client.ask(ask("timed", "Number " + number, 24).streamed()));
        EngineMetrics after = settled().metrics();
        List<Answer> timed = client.ledger().since(earlier).done().toList();
        long gaps =
                timed.stream().mapToLong(answer -> answer.generatedTokens() - 1).sum();
        timed(
                "latency.time_to_first_token_seconds",
                before.latency().timeToFirstToken(),
                after.latency().timeToFirstToken(),
                timed.size(),
                timed.stream()
                        .map(Answer::firstTokenSeconds)
                        .filter(java.util.Objects::nonNull)
                        .toList());
        timed(
                "latency.inter_token_seconds",
                before.latency().interToken(),
                after.latency().interToken(),
                gaps,
                timed.stream().flatMap(answer -> answer.gapSeconds().stream()).toList());
        timed(
                "latency.end_to_end_seconds",
                before.latency().endToEnd(),
                after.latency().endToEnd(),
                timed.size(),
                timed.stream().map(Answer::wholeSeconds).toList());
        timed(
                "latency.decode_seconds",
                before.latency().decode(),
                after.latency().decode(),
                timed.size(),
                timed.stream().map(Answer::gapSum).toList());
        sized(
                "size.prompt_tokens",
                before.size().promptTokens(),
                after.size().promptTokens(),
                timed,
                Answer::promptTokens);
        sized(
                "size.generated_tokens",
                before.size().generatedTokens(),
                after.size().generatedTokens(),
                timed,
                Answer::generatedTokens);
        sized("size.max_new_tokens", before.size().maxNewTokens(), after.size().maxNewTokens(), timed, answer -> 24L);
    }

    private void timed(
            String field,
            @Nullable Distribution before,
            @Nullable Distribution after,
            long count,
            List<Double> client) {
        Distribution during = before == null || after == null ? null : after.since(before);
        double sum = client.stream().mapToDouble(Double::doubleValue).sum();
        facts.same("timed", field, "count", count, during == null ? null : during.count());
        facts.near(
                "timed",
                field,
                "sum: 10 % and 20 ms a request",
                sum,
                during == null ? null : during.sum(),
                0.1 * sum + 0.02 * Math.min(client.size(), 6));
        if (during != null) {
            double median = client.stream()
                    .sorted()
                    .skip((client.size() - 1) / 2)
                    .findFirst()
                    .orElse(Double.NaN);
            Double said = during.quantile(0.5);
            facts.that(
                    "timed",
                    field,
                    "median within one bucket",
                    median,
                    said,
                    said != null && Math.abs(bucketOf(during, said) - bucketOf(during, median)) <= 1);
        }
    }

    private static int bucketOf(Distribution distribution, double value) {
        double[] bounds = distribution.bucketBounds();
        int bucket = 0;
        while (bucket < bounds.length && bounds[bucket] < value) {
            bucket++;
        }
        return bucket;
    }

    private void sized(
            String field,
            @Nullable Distribution before,
            @Nullable Distribution after,
            List<Answer> answers,
            Function<Answer, Long> size) {
        Distribution during = before == null || after == null ? null : after.since(before);
        long sum = answers.stream().mapToLong(size::apply).sum();
        facts.same("timed", field, "count", answers.size(), during == null ? null : during.count());
        facts.near("timed", field, "sum", (double) sum, during == null ? null : during.sum(), 1e-6);
    }

    /** Eight requests at an engine that runs two at a time. */
    void inFlight(int atOnce) throws InterruptedException {
        List<OpenRequest> open = new ArrayList<>();
        IntStream.range(0, 8).forEach(number -> open.add(client.open(ask("load", "Load " + number, 200))));
        EngineMetrics busy = awaitLoad(atOnce, 8 - atOnce);
        facts.same(
                "load",
                "load.requests_running",
                "8 open, " + atOnce + " at once",
                atOnce,
                busy.load().requestsRunning());
        facts.same(
                "load",
                "load.requests_waiting",
                "8 open, " + atOnce + " at once",
                8 - atOnce,
                busy.load().requestsWaiting());
        facts.that(
                "load",
                "cache.kv_usage",
                "in use, 0..1",
                "> 0",
                busy.cache().kvUsage(),
                busy.cache().kvUsage() != null
                        && busy.cache().kvUsage() > 0
                        && busy.cache().kvUsage() <= 1);
        client.awaitAll();
        EngineMetrics after = settled().metrics();
        facts.same("drained", "load.requests_running", 0, after.load().requestsRunning());
        facts.same("drained", "load.requests_waiting", 0, after.load().requestsWaiting());
        facts.near("drained", "cache.kv_usage", "idle", 0, after.cache().kvUsage(), 0);
        Distribution queue = after.latency().queue();
        facts.that(
                "drained",
                "latency.queue_seconds",
                "six waited",
                "> 0",
                queue == null ? null : queue.sum(),
                queue != null && queue.sum() != null && queue.sum() > 0);
    }

    /** Clients that go away, while their request runs and while it waits. */
    void clientsThatLeave(int atOnce) throws InterruptedException {
        EngineMetrics before = settled().metrics();
        List<OpenRequest> running = new ArrayList<>();
        IntStream.range(0, atOnce)
                .forEach(number -> running.add(
                        client.open(ask("running", "Leaves " + number, 1500).streamed())));
        for (OpenRequest request : running) {
            Eventually.get(request::pieces, pieces -> pieces > 3, Duration.ofSeconds(60));
        }
        OpenRequest waiting = client.open(ask("waiting", "Leaves the queue", 50).streamed());
        awaitLoad(atOnce, 1);
        waiting.abort();
        running.forEach(OpenRequest::abort);
        EngineMetrics after = settled().metrics();
        facts.same("left", "load.requests_running", 0, after.load().requestsRunning());
        facts.same("left", "load.requests_waiting", 0, after.load().requestsWaiting());
        grew(
                "left",
                "requests.succeeded",
                "never by clients that leave",
                0,
                before.requests().succeeded(),
                after.requests().succeeded());
        grew(
                "left",
                "requests.aborted",
                "never by clients that leave",
                0,
                before.requests().aborted(),
                after.requests().aborted());
        Long tokens = minus(after.tokens().generated(), before.tokens().generated());
        long seen = running.stream().mapToLong(OpenRequest::pieces).sum();
        facts.that(
                "left",
                "tokens.generated",
                "the pieces that were seen, or a few more",
                seen,
                tokens,
                tokens != null && tokens >= seen && tokens <= seen + 200);
    }

    /** The part of the page that vLLM gives where it is asked for names. */
    void filteredPage() {
        try (WatchedTarget watch = Collectors.forEngine("vllm").watch(Target.of(engine.url()))) {
            EngineSnapshot whole = watch.collect(LOAD);
            EngineSnapshot part = watch.collect(LOAD);
            facts.that(
                    "filtered",
                    "source",
                    "first whole, then a part",
                    "whole_page, filtered_page",
                    whole.header().source() + ", " + part.header().source(),
                    part.header().source() == SnapshotSource.FILTERED_PAGE);
            facts.that(
                    "filtered",
                    "values",
                    "as on the whole page",
                    snapshot().metrics().load(),
                    part.metrics().load(),
                    snapshot().metrics().load().equals(part.metrics().load()));
            double wholeMillis = cpuOf(() -> snapshot());
            double partMillis = cpuOf(() -> watch.collect(LOAD));
            facts.that(
                    "filtered",
                    "the engine's CPU a scrape, ms",
                    "at least 8 times less",
                    "whole %.2f".formatted(wholeMillis),
                    "part %.2f".formatted(partMillis),
                    wholeMillis >= CHEAPER * partMillis);
        }
    }

    private double cpuOf(Runnable scrape) {
        Duration before = engine.cpu();
        for (int i = 0; i < SCRAPES; i++) {
            scrape.run();
        }
        return engine.cpu().minus(before).toNanos() / 1e6 / SCRAPES;
    }

    /** In multiprocess mode the filtered page is empty, and must not be believed. */
    void noFilteredPage() {
        try (WatchedTarget watch = Collectors.forEngine("vllm").watch(Target.of(engine.url()))) {
            List<SnapshotSource> sources = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                EngineSnapshot now = watch.collect(LOAD);
                sources.add(now.header().source());
                facts.that(
                        scenario,
                        "load.requests_running",
                        "read although the filtered page is empty",
                        "known",
                        now.metrics().load().requestsRunning(),
                        now.metrics().load().requestsRunning() != null);
            }
            facts.that(
                    scenario,
                    "source",
                    "never a part",
                    "whole_page",
                    sources,
                    !sources.contains(SnapshotSource.FILTERED_PAGE));
        }
    }

    /** Requests that the server itself gives up, and an engine that sleeps. */
    void pauseAndSleep() throws InterruptedException {
        EngineMetrics before = settled().metrics();
        OpenRequest open = client.open(ask("given up", "Given up", 1500).streamed());
        Eventually.get(open::pieces, pieces -> pieces > 3, Duration.ofSeconds(60));
        client.send("pause", "/pause?mode=abort", "");
        open.await();
        client.send("resume", "/resume", "");
        EngineMetrics after = settled().metrics();
        grew(
                "paused",
                "requests.aborted",
                "one was given up by the server",
                1,
                before.requests().aborted(),
                after.requests().aborted());
        Answer sleep = client.send("sleep", "/sleep?level=0", "");
        if (sleep.status() != 200) {
            facts.skip("sleep", "the server answered " + sleep.status());
            return;
        }
        EngineMetrics asleep = Eventually.get(
                this::metrics, now -> Boolean.TRUE.equals(now.load().asleep()), Duration.ofSeconds(15));
        facts.that(
                "asleep",
                "load.asleep",
                "after /sleep",
                true,
                asleep.load().asleep(),
                Boolean.TRUE.equals(asleep.load().asleep()));
        client.send("wake up", "/wake_up", "");
        EngineMetrics awake = Eventually.get(
                this::metrics, now -> Boolean.FALSE.equals(now.load().asleep()), Duration.ofSeconds(15));
        facts.that(
                "awake",
                "load.asleep",
                "after /wake_up",
                false,
                awake.load().asleep(),
                Boolean.FALSE.equals(awake.load().asleep()));
    }

    /** More tokens than eight blocks of KV cache hold. */
    void preemption(int blocks) throws InterruptedException {
        IntStream.range(0, 4).forEach(number -> client.open(ask("too much", "x".repeat(82), 400)));
        client.awaitAll();
        EngineMetrics after = Eventually.get(
                () -> settledQuietly().metrics(),
                now -> now.events().preemptions() != null && now.events().preemptions() > 0,
                Duration.ofSeconds(10));
        facts.that(
                "preempted",
                "events.preemptions",
                "4 x 482 tokens do not fit",
                "> 0",
                after.events().preemptions(),
                after.events().preemptions() != null && after.events().preemptions() > 0);
        facts.same(
                "preempted",
                "cache.kv_blocks",
                "as the flag said",
                blocks,
                after.cache().kvBlocks());
        Long size = after.cache().kvBlockSize();
        facts.same(
                "preempted",
                "cache.kv_capacity_tokens",
                "blocks x block size",
                size == null ? -1 : blocks * size,
                after.cache().kvCapacityTokens());
        requestsAndTokens("preempted", client.ledger(), after);
    }

    void adapters() throws InterruptedException {
        OpenRequest open = client.open(new Ask(
                "adapter",
                "/v1/completions",
                Map.of("model", "lora-a", "prompt", "Adapted", "max_tokens", 600, "ignore_eos", true, "stream", true)));
        Eventually.get(open::pieces, pieces -> pieces > 2, Duration.ofSeconds(60));
        EngineMetrics busy = Eventually.get(
                this::metrics,
                now -> List.of("lora-a").equals(now.adapters().runningAdapters()),
                Duration.ofSeconds(10));
        facts.that(
                "adapter",
                "adapters.running_adapters",
                "the one that runs",
                "[lora-a]",
                busy.adapters().runningAdapters(),
                List.of("lora-a").equals(busy.adapters().runningAdapters()));
        facts.same(
                "adapter",
                "adapters.max_lora",
                "as the flag said",
                1,
                busy.adapters().maxLora());
        OpenRequest other = client.open(new Ask(
                "other adapter",
                "/v1/completions",
                Map.of("model", "lora-b", "prompt", "Adapted", "max_tokens", 4, "ignore_eos", true, "stream", true)));
        EngineMetrics queued = awaitLoad(1, 1);
        facts.that(
                "adapter",
                "adapters.waiting_adapters",
                "one that waits is not visible: unknown, not empty",
                "absent",
                queued.adapters().waitingAdapters(),
                queued.adapters().waitingAdapters() == null);
        open.abort();
        other.abort();
        settled();
    }

    void speculation() throws InterruptedException {
        client.ask(ask("speculated", "abcabcabcabcabcabc", 120).streamed());
        client.ask(ask("speculated", "the same the same the same ", 120).streamed());
        EngineMetrics after = settled().metrics();
        Ledger ledger = client.ledger();
        long steps = ledger.done()
                .mapToLong(answer -> answer.gapSeconds().size() + 1L)
                .sum();
        long extra = ledger.sumOfDone(Answer::generatedTokens) - steps;
        Long drafts = after.speculation().drafts();
        Long drafted = after.speculation().draftTokens();
        Long accepted = after.speculation().acceptedTokens();
        facts.that(
                "speculation",
                "speculation.drafts",
                "one a step at most",
                "1.." + steps,
                drafts,
                drafts != null && drafts > 0 && drafts <= steps);
        facts.that(
                "speculation",
                "speculation.draft_tokens",
                "three a draft at most",
                "1..3 x drafts",
                drafted,
                drafts != null && drafted != null && drafted >= drafts && drafted <= 3 * drafts);
        facts.that(
                "speculation",
                "speculation.accepted_tokens",
                "tokens beyond one a step, and those cut off at the end",
                extra + ".." + (extra + 3L * ledger.answers().size()),
                accepted,
                accepted != null
                        && accepted >= extra
                        && accepted <= extra + 3L * ledger.answers().size());
        facts.same(
                "speculation",
                "tokens.generated",
                ledger.sumOfDone(Answer::generatedTokens),
                after.tokens().generated());
    }

    /** Twenty requests at several ranks or API servers. */
    void manyParts(Set<String> ranks, int atOnce) throws InterruptedException {
        List<OpenRequest> open = new ArrayList<>();
        IntStream.range(0, 10).forEach(number -> open.add(client.open(ask("load", "Load " + number, 150))));
        EngineMetrics busy = awaitLoad(atOnce, 10 - atOnce);
        facts.same(
                "load",
                "load.requests_running",
                "10 open, " + atOnce + " at once",
                atOnce,
                busy.load().requestsRunning());
        facts.same(
                "load",
                "load.requests_waiting",
                "10 open, " + atOnce + " at once",
                10 - atOnce,
                busy.load().requestsWaiting());
        client.awaitAll();
        EngineSnapshot after = settled();
        requestsAndTokens(scenario, client.ledger(), after.metrics());
        facts.that(
                scenario,
                "ranks",
                "as many as there are",
                ranks,
                after.byRank().keySet(),
                after.byRank().keySet().equals(ranks));
    }

    private void requestsAndTokens(String step, Ledger ledger, EngineMetrics now) {
        Map<String, Long> reasons = ledger.finishReasons();
        long full = reasons.getOrDefault("stop", 0L) + reasons.getOrDefault("length", 0L);
        facts.same(
                step,
                "requests.succeeded",
                "choices that ended by stop or length",
                full,
                now.requests().succeeded());
        facts.same(
                step,
                "requests.failed",
                "400s leave no trace",
                0,
                now.requests().failed());
        facts.same(step, "requests.aborted", "none was", 0, now.requests().aborted());
        facts.that(
                step,
                "requests.by_reason",
                "choices by how they ended",
                reasons,
                now.requests().byReason(),
                reasons.entrySet().stream()
                        .allMatch(reason -> reason.getValue()
                                .equals(now.requests().byReason().get(reason.getKey()))));
        facts.same(
                step,
                "tokens.prompt",
                "usage, once for each choice",
                ledger.sumOfDone(
                        answer -> answer.promptTokens() * answer.finishReasons().size()),
                now.tokens().prompt());
        facts.same(
                step,
                "tokens.generated",
                "usage",
                ledger.sumOfDone(Answer::generatedTokens),
                now.tokens().generated());
    }

    private void rates(Ledger during, EngineSnapshot before, EngineSnapshot after) {
        EngineRates rates = EngineRates.between(before, after);
        double seconds = rates.interval().toNanos() / 1e9;
        double tokens = during.sumOfDone(Answer::generatedTokens) / seconds;
        double choices = during.choices() / seconds;
        facts.near(
                "mixed",
                "rates: generated tokens/s",
                "the client's tokens / seconds",
                tokens,
                rates.generatedTokensPerSecond(),
                tokens * 0.01);
        facts.near(
                "mixed",
                "rates: requests/s",
                "the client's choices / seconds",
                choices,
                rates.requestsPerSecond(),
                choices * 0.01);
    }

    private void grew(String step, String field, String rule, long by, @Nullable Long before, @Nullable Long after) {
        facts.same(step, field, "grew: " + rule, by, minus(after, before));
    }

    private static @Nullable Long minus(@Nullable Long one, @Nullable Long other) {
        return one == null || other == null ? null : (Long) (one - other);
    }

    private static Ask ask(String label, String prompt, int maxTokens) {
        return Ask.completion(label, VllmServer.MODEL, prompt, maxTokens);
    }

    private EngineSnapshot snapshot() {
        return Collectors.forEngine("vllm").collect(engine.url());
    }

    private EngineMetrics metrics() {
        return snapshot().metrics();
    }

    private EngineMetrics awaitLoad(long running, long waiting) throws InterruptedException {
        return Eventually.get(this::metrics, isLoad(running, waiting), Duration.ofSeconds(20));
    }

    private EngineSnapshot settled() throws InterruptedException {
        Predicate<EngineMetrics> idle = isLoad(0, 0);
        EngineSnapshot seen = Eventually.get(this::snapshot, now -> idle.test(now.metrics()), SETTLING);
        Thread.sleep(300); // The counters of the last step may come with the next one.
        return idle.test(seen.metrics()) ? snapshot() : seen;
    }

    private EngineSnapshot settledQuietly() {
        try {
            return settled();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Predicate<EngineMetrics> isLoad(long running, long waiting) {
        return now -> Long.valueOf(running).equals(now.load().requestsRunning())
                && Long.valueOf(waiting).equals(now.load().requestsWaiting());
    }
}
