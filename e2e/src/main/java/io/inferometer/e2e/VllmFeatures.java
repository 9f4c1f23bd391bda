package io.inferometer.e2e;

import io.inferometer.e2e.EngineClient.OpenRequest;
import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.EngineMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What a vLLM does only where it is told to: preemption, adapters, speculation, sleep. */
final class VllmFeatures {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final long DRAFTED_AT_MOST = 3;

    private final VllmRun run;
    private final Facts facts;
    private final EngineClient client;

    VllmFeatures(VllmRun run) {
        this.run = run;
        this.facts = run.facts();
        this.client = run.client();
    }

    /** Requests that the server itself gives up, of which one never ran. */
    void pause(int atOnce) throws InterruptedException {
        EngineMetrics before = run.settled().metrics();
        List<OpenRequest> open = IntStream.rangeClosed(0, atOnce)
                .mapToObj(number -> client.open(VllmRun.longAsk("given up")))
                .toList();
        run.awaitLoad(atOnce, 1);
        client.send("pause", "/pause?mode=abort", "");
        open.forEach(OpenRequest::await);
        client.send("resume", "/resume", "");
        EngineMetrics after = run.settled().metrics();
        run.grew(
                "paused",
                "requests.aborted",
                "those that the server gave up",
                open.size(),
                before.requests().aborted(),
                after.requests().aborted());
        noClock("latency.prefill_seconds", after.latency().prefill(), after);
        noClock("latency.inference_seconds", after.latency().inference(), after);
    }

    /** The engine adds the host's clock to the times of what never ran; no part takes longer than all requests together. */
    private void noClock(String field, @org.jspecify.annotations.Nullable Distribution times, EngineMetrics now) {
        Distribution whole = now.latency().endToEnd();
        Double all = whole == null ? null : whole.sum();
        Double said = times == null ? null : times.sum();
        facts.that(
                "paused",
                field,
                "a sum that holds the host's clock is left out",
                "at most " + all + " or absent",
                said,
                said == null || (all != null && said <= all));
    }

    void sleep() throws InterruptedException {
        Answer sleep = client.send("sleep", "/sleep?level=0", "");
        if (sleep.status() != 200) {
            facts.skip("sleep", "the server answered " + sleep.status());
            return;
        }
        asleep("asleep", "after /sleep", true);
        client.send("wake up", "/wake_up", "");
        asleep("awake", "after /wake_up", false);
    }

    private void asleep(String step, String rule, boolean asleep) throws InterruptedException {
        Boolean said = run.await(
                        now -> Boolean.valueOf(asleep).equals(now.load().asleep()))
                .load()
                .asleep();
        facts.that(
                step, "load.asleep", rule, asleep, said, Boolean.valueOf(asleep).equals(said));
    }

    /** More tokens than so many blocks of KV cache hold. */
    void preemption(int blocks) throws InterruptedException {
        IntStream.range(0, 4).forEach(number -> client.open(VllmRun.ask("too much", "x".repeat(82), 400)));
        client.awaitAll();
        EngineMetrics after = run.settled().metrics();
        Long preemptions = after.events().preemptions();
        facts.that(
                "preempted",
                "events.preemptions",
                "4 x 482 tokens do not fit into " + blocks + " blocks",
                "> 0",
                preemptions,
                preemptions != null && preemptions > 0);
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
        new VllmRequests(run).counted("preempted", client.ledger(), after);
    }

    /** Two adapters of which one at a time fits into a batch. */
    void adapters() throws InterruptedException {
        OpenRequest open = client.open(adapted("lora-a", 1500));
        Eventually.get(open::pieces, pieces -> pieces > 2, PATIENCE);
        List<String> one = List.of("lora-a");
        EngineMetrics busy = run.await(now -> one.equals(now.adapters().runningAdapters()));
        List<String> said = busy.adapters().runningAdapters();
        facts.that("adapter", "adapters.running_adapters", "the one that runs", one, said, one.equals(said));
        facts.same(
                "adapter",
                "adapters.max_lora",
                "as the flag said",
                1,
                busy.adapters().maxLora());
        OpenRequest other = client.open(adapted("lora-b", 4));
        EngineMetrics queued = run.awaitLoad(1, 1);
        facts.same(
                "adapter",
                "load.requests_waiting",
                "no room for its adapter",
                1,
                queued.load().requestsWaiting());
        facts.absent(
                "adapter",
                "adapters.waiting_adapters",
                "one that waits is not visible: unknown, not empty",
                queued.adapters().waitingAdapters());
        open.abort();
        other.await();
        EngineMetrics after = run.await(now -> List.of().equals(now.adapters().runningAdapters()));
        facts.that(
                "adapter",
                "adapters.running_adapters",
                "none runs",
                List.of(),
                after.adapters().runningAdapters(),
                List.of().equals(after.adapters().runningAdapters()));
        run.settled();
    }

    private static Ask adapted(String adapter, int tokens) {
        return new Ask(
                adapter,
                "/v1/completions",
                Map.of(
                        "model",
                        adapter,
                        "prompt",
                        "Adapted",
                        "max_tokens",
                        tokens,
                        "ignore_eos",
                        true,
                        "stream",
                        true));
    }

    /** Tokens guessed from the text so far; what is accepted comes beyond one token a step. */
    void speculation() throws InterruptedException {
        client.ask(VllmRun.ask("speculated", "abcabcabcabcabcabc", 120).streamed());
        client.ask(VllmRun.ask("speculated", "the same the same the same ", 120).streamed());
        EngineMetrics after = run.settled().metrics();
        Ledger ledger = client.ledger();
        int requests = ledger.answers().size();
        long pieces = ledger.done()
                .mapToLong(answer -> answer.gapSeconds().size() + 1L)
                .sum();
        long tokens = ledger.sumOfDone(Answer::generatedTokens);
        long extra = tokens - pieces;
        Long drafts = after.speculation().drafts();
        Long drafted = after.speculation().draftTokens();
        Long accepted = after.speculation().acceptedTokens();
        facts.that(
                "speculation",
                "speculation.drafts",
                "one a step at most",
                "1.." + pieces,
                drafts,
                drafts != null && drafts > 0 && drafts <= pieces);
        facts.that(
                "speculation",
                "speculation.draft_tokens",
                "three a draft at most",
                "drafts..3 x drafts",
                drafted,
                drafts != null && drafted != null && drafted >= drafts && drafted <= DRAFTED_AT_MOST * drafts);
        facts.that(
                "speculation",
                "speculation.accepted_tokens",
                "tokens beyond one a piece, and those cut off at the end",
                extra + ".." + (extra + DRAFTED_AT_MOST * requests),
                accepted,
                accepted != null && accepted >= extra && accepted <= extra + DRAFTED_AT_MOST * requests);
        facts.same(
                "speculation",
                "tokens.generated",
                "usage",
                tokens,
                after.tokens().generated());
        Distribution gaps = after.latency().interToken();
        Long counted = gaps == null ? null : gaps.count();
        long most = tokens - (accepted == null ? 0 : accepted) + (DRAFTED_AT_MOST - 1) * requests;
        facts.that(
                "speculation",
                "latency.inter_token_seconds",
                "count: gaps between steps, not between tokens; a slow client gets two steps in one piece",
                (pieces - requests) + ".." + most,
                counted,
                counted != null && counted >= pieces - requests && counted <= most);
    }
}
