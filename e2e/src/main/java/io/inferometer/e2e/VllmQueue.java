package io.inferometer.e2e;

import io.inferometer.e2e.EngineClient.OpenRequest;
import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.EngineMetrics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** More requests at a vLLM than it runs at once. */
final class VllmQueue {
    private static final int OPEN = 8;
    private static final int TOKENS = 100;

    /** A prompt and {@link #TOKENS} fit into so many blocks. */
    private static final int BLOCKS_A_REQUEST_MAX = 1;

    private final VllmRun run;
    private final Facts facts;
    private final EngineClient client;
    private final int atOnce;

    /**
     * Looks at one.
     *
     * @param run the server
     * @param atOnce how many it runs
     */
    VllmQueue(VllmRun run, int atOnce) {
        this.run = run;
        this.facts = run.facts();
        this.client = run.client();
        this.atOnce = atOnce;
    }

    void inFlight() throws InterruptedException {
        EngineMetrics before = run.settled().metrics();
        Ledger earlier = client.ledger();
        IntStream.range(0, OPEN)
                .forEach(number -> client.open(
                        VllmRun.ask("load", "Load " + number, TOKENS).streamed()));
        EngineMetrics busy = run.awaitLoad(atOnce, OPEN - atOnce);
        load("load", busy);
        kvInUse(busy);
        client.awaitAll();
        EngineMetrics after = run.settled().metrics();
        facts.same("drained", "load.requests_running", 0, after.load().requestsRunning());
        facts.same("drained", "load.requests_waiting", 0, after.load().requestsWaiting());
        facts.near("drained", "cache.kv_usage", "idle", 0, after.cache().kvUsage(), 0);
        queueTime(client.ledger().since(earlier).done().toList(), before, after);
    }

    /** The command says the same while the client holds as many requests open. */
    void saturation() throws IOException, InterruptedException {
        try (SteadyLoad load = new SteadyLoad(run.engine().url(), OPEN, VllmRun.longAsk("held"))) {
            load("held", run.awaitLoad(atOnce, OPEN - atOnce));
            Saturation.judge(run.place(), facts, "vllm", run.engine().url(), VllmServer.MODEL, atOnce, OPEN - atOnce);
        }
        run.settled();
    }

    private void load(String step, EngineMetrics busy) {
        String rule = "%d open, %d at once".formatted(OPEN, atOnce);
        facts.same(step, "load.requests_running", rule, atOnce, busy.load().requestsRunning());
        facts.same(
                step, "load.requests_waiting", rule, OPEN - atOnce, busy.load().requestsWaiting());
    }

    /** A block is kept for no request, so the share is of one less. */
    private void kvInUse(EngineMetrics busy) {
        Double usage = busy.cache().kvUsage();
        Long blocks = busy.cache().kvBlocks();
        Double used = usage == null || blocks == null ? null : (Double) (usage * (blocks - 1));
        facts.that(
                "load",
                "cache.kv_usage",
                "blocks in use: one of each request that runs",
                atOnce,
                used,
                used != null
                        && Math.abs(used - Math.rint(used)) < 1e-6
                        && used > atOnce - 0.5
                        && used < BLOCKS_A_REQUEST_MAX * atOnce + 0.5);
    }

    /** The first token comes when the queue is over and the prompt is read, which is quick. */
    private void queueTime(List<Answer> answers, EngineMetrics before, EngineMetrics after) {
        double first = answers.stream()
                .map(Answer::firstTokenSeconds)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .sum();
        Distribution queue = during(before.latency().queue(), after.latency().queue());
        facts.same("drained", "latency.queue_seconds", "count", answers.size(), queue == null ? null : queue.count());
        facts.near(
                "drained",
                "latency.queue_seconds",
                "sum of first tokens: 10 % and 100 ms a request",
                first,
                queue == null ? null : queue.sum(),
                0.1 * first + 0.1 * answers.size());
    }

    private static @Nullable Distribution during(@Nullable Distribution before, @Nullable Distribution after) {
        return before == null || after == null ? null : after.since(before);
    }

    /** Clients that go away, while their request runs and while it waits. */
    void clientsThatLeave() throws InterruptedException {
        EngineMetrics before = run.settled().metrics();
        List<OpenRequest> running = new ArrayList<>();
        IntStream.range(0, atOnce).forEach(number -> running.add(client.open(VllmRun.longAsk("running"))));
        for (OpenRequest request : running) {
            Eventually.get(request::pieces, pieces -> pieces > 3, Duration.ofMinutes(1));
        }
        OpenRequest waiting =
                client.open(VllmRun.ask("waiting", "Leaves the queue", 50).streamed());
        EngineMetrics busy = run.awaitLoad(atOnce, 1);
        facts.same(
                "leaving", "load.requests_waiting", "one more", 1, busy.load().requestsWaiting());
        waiting.abort();
        running.forEach(OpenRequest::abort);
        EngineMetrics after = run.settled().metrics();
        facts.same("left", "load.requests_running", 0, after.load().requestsRunning());
        facts.same("left", "load.requests_waiting", 0, after.load().requestsWaiting());
        run.grew(
                "left",
                "requests.succeeded",
                "never by clients that leave",
                0,
                before.requests().succeeded(),
                after.requests().succeeded());
        run.grew(
                "left",
                "requests.aborted",
                "never by clients that leave",
                0,
                before.requests().aborted(),
                after.requests().aborted());
        Long tokens = VllmRun.minus(after.tokens().generated(), before.tokens().generated());
        long seen = running.stream().mapToLong(OpenRequest::pieces).sum();
        facts.that(
                "left",
                "tokens.generated",
                "the pieces that were seen, or a few more",
                seen,
                tokens,
                tokens != null && tokens >= seen && tokens <= seen + 200);
    }
}
