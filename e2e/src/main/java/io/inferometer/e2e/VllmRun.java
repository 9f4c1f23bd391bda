package io.inferometer.e2e;

import io.inferometer.Collectors;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineSnapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One vLLM that runs, its client, and what every scenario does with them. */
final class VllmRun implements AutoCloseable {
    private static final Duration SETTLING = Duration.ofMinutes(2);
    private static final Duration BECOMING_BUSY = Duration.ofMinutes(1);
    private static final Pattern LOGGED_CAPACITY = Pattern.compile("KV cache size: ([0-9,]+) tokens");

    private final EngineProcess engine;
    private final Path log;
    private final String scenario;
    private final Facts facts;
    private final Place place;
    private final EngineClient client;

    VllmRun(EngineProcess engine, Path log, String scenario, Facts facts, Place place) {
        this.engine = engine;
        this.log = log;
        this.scenario = scenario;
        this.facts = facts;
        this.place = place;
        this.client = new EngineClient(engine.url());
    }

    @Override
    public void close() {
        client.close();
    }

    EngineProcess engine() {
        return engine;
    }

    String scenario() {
        return scenario;
    }

    Facts facts() {
        return facts;
    }

    Place place() {
        return place;
    }

    EngineClient client() {
        return client;
    }

    EngineSnapshot snapshot() {
        return Collectors.forEngine("vllm").collect(engine.url());
    }

    EngineMetrics metrics() {
        return snapshot().metrics();
    }

    /** What the engine's log says of its capacity, added up over its ranks. */
    long loggedCapacityTokens() throws IOException {
        Matcher logged = LOGGED_CAPACITY.matcher(Files.readString(log, StandardCharsets.ISO_8859_1));
        long tokens = 0;
        while (logged.find()) {
            tokens += Long.parseLong(logged.group(1).replace(",", ""));
        }
        return tokens;
    }

    static Ask ask(String label, String prompt, int maxTokens) {
        return Ask.completion(label, VllmServer.MODEL, prompt, maxTokens);
    }

    /** A stream that is open for as long as anybody looks. */
    static Ask longAsk(String label) {
        return ask(label, "For ever", 1900).streamed();
    }

    /** A field grew by so much. */
    void grew(String step, String field, String rule, long by, @Nullable Long before, @Nullable Long after) {
        facts.same(step, field, "grew: " + rule, by, minus(after, before));
    }

    static @Nullable Long minus(@Nullable Long one, @Nullable Long other) {
        return one == null || other == null ? null : (Long) (one - other);
    }

    /** The metrics as soon as the engine says so, or the last ones. */
    EngineMetrics awaitLoad(long running, long waiting) throws InterruptedException {
        return await(isLoad(running, waiting));
    }

    EngineMetrics await(Predicate<EngineMetrics> isGood) throws InterruptedException {
        return Eventually.get(this::metrics, isGood, BECOMING_BUSY);
    }

    /** A scrape of the idle engine. Gauges are of the last step, and so may counters be: it has to say the same twice. */
    Scrape settled() throws InterruptedException {
        Predicate<EngineMetrics> idle = isLoad(0, 0);
        EngineMetrics[] before = {metrics()};
        return Eventually.get(
                () -> Scrape.of(this::snapshot),
                now -> {
                    boolean quiet = idle.test(now.metrics()) && sameCounts(before[0], now.metrics());
                    before[0] = now.metrics();
                    return quiet;
                },
                SETTLING);
    }

    private static boolean sameCounts(EngineMetrics one, EngineMetrics other) {
        return one.tokens().equals(other.tokens()) && one.requests().equals(other.requests());
    }

    static Predicate<EngineMetrics> isLoad(long running, long waiting) {
        return now -> Long.valueOf(running).equals(now.load().requestsRunning())
                && Long.valueOf(waiting).equals(now.load().requestsWaiting());
    }

    /** What is open, whether it runs or waits; null where either is not said. */
    static @Nullable Long inFlight(EngineMetrics now) {
        Long running = now.load().requestsRunning();
        Long waiting = now.load().requestsWaiting();
        return running == null || waiting == null ? null : (Long) (running + waiting);
    }
}
