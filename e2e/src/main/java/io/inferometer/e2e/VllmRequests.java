package io.inferometer.e2e;

import io.inferometer.e2e.Answer.Outcome;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineRates;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** How vLLM counts requests and tokens. */
final class VllmRequests {
    /** A token that the client makes certain, and at which it lets the answer stop. */
    private static final int STOP_TOKEN = 70;

    private final VllmRun run;
    private final Facts facts;
    private final EngineClient client;

    VllmRequests(VllmRun run) {
        this.run = run;
        this.facts = run.facts();
        this.client = run.client();
    }

    void fresh() throws IOException {
        EngineMetrics now = run.metrics();
        facts.same("fresh", "load.requests_running", 0, now.load().requestsRunning());
        facts.same("fresh", "load.requests_waiting", 0, now.load().requestsWaiting());
        facts.same("fresh", "tokens.prompt", 0, now.tokens().prompt());
        facts.same("fresh", "requests.succeeded", 0, now.requests().succeeded());
        facts.always("fresh", "load.asleep", "awake", false, now.load().asleep());
        facts.that(
                "fresh",
                "models",
                "the name that clients use",
                List.of(VllmServer.MODEL),
                now.models().stream().map(model -> model.name()).toList(),
                now.models().size() == 1 && now.models().get(0).name().equals(VllmServer.MODEL));
        capacity("fresh", now);
    }

    /** The engine logs what its KV cache holds. */
    void capacity(String step, EngineMetrics now) throws IOException {
        facts.same(
                step,
                "cache.kv_capacity_tokens",
                "as the engine logged",
                run.loggedCapacityTokens(),
                now.cache().kvCapacityTokens());
    }

    /** Requests of every kind, one after another. */
    void mixed() throws IOException, InterruptedException {
        Scrape before = run.settled();
        client.ask(VllmRun.ask("length", "The first request", 20));
        client.ask(VllmRun.ask("streamed", "The second request", 20).streamed());
        client.ask(Ask.chat("chat", VllmServer.MODEL, "Hello there", 15));
        client.ask(
                Ask.chat("chat, streamed", VllmServer.MODEL, "Hello again", 15).streamed());
        client.ask(VllmRun.ask("two choices", "Twice", 10).with("n", 2).with("temperature", 1));
        client.ask(VllmRun.ask("one token", "Just one", 1));
        client.ask(VllmRun.ask("stop", "Stop at once", 20)
                .with("logit_bias", Map.of(String.valueOf(STOP_TOKEN), 100))
                .with("stop_token_ids", List.of(STOP_TOKEN)));
        Answer unknown = client.ask(Ask.completion("unknown model", "no-such-model", "Hello", 4));
        Answer tooLong = client.ask(VllmRun.ask("too long", "x".repeat(4000), 4));
        Answer bad = client.send("bad JSON", "/v1/completions", "{\"prompt\": ");
        Scrape after = run.settled();
        facts.that(
                run.scenario(),
                "client: refused",
                "4xx, 4xx, 4xx",
                3,
                List.of(unknown.status(), tooLong.status(), bad.status()),
                client.ledger().count(Outcome.REFUSED) == 3);
        Map<String, Long> reasons = client.ledger().finishReasons();
        facts.that(
                run.scenario(),
                "client: how choices ended",
                "one by its stop token, the others by their length",
                "length=7, stop=1",
                reasons,
                reasons.equals(Map.of("length", 7L, "stop", 1L)));
        counted("mixed", client.ledger(), after.metrics());
        rates(client.ledger(), before, after);
        facts.same(
                "command",
                "command: collect",
                "generated tokens as the client counted",
                client.ledger().sumOfDone(Answer::generatedTokens),
                (Long) run.place()
                        .inferometer()
                        .json("collect", "vllm", run.engine().url(), "--json")
                        .path("metrics")
                        .path("tokens")
                        .path("generated")
                        .asLong(-1));
    }

    /** The same long beginning again and again. */
    void prefixCache() throws InterruptedException {
        EngineMetrics before = run.settled().metrics();
        Ledger earlier = client.ledger();
        String prefix = "A long beginning that is always the same. ".repeat(16);
        for (String end : List.of("one", "two", "three", "four")) {
            client.ask(VllmRun.ask("repeated prefix", prefix + end, 4));
        }
        EngineMetrics after = run.settled().metrics();
        Ledger now = client.ledger().since(earlier);
        long cached = now.sumOfDone(Answer::cachedTokens);
        long asked = now.sumOfDone(Answer::promptTokens);
        facts.that("prefix", "client: cached", "some were", "> 0", cached, cached > 0);
        run.grew(
                "prefix",
                "cache.prefix_hits",
                "usage's cached tokens",
                cached,
                before.cache().prefixHits(),
                after.cache().prefixHits());
        run.grew(
                "prefix",
                "cache.prefix_queries",
                "all prompt tokens",
                asked,
                before.cache().prefixQueries(),
                after.cache().prefixQueries());
        run.grew(
                "prefix",
                "tokens.cached_prompt",
                "usage's cached tokens",
                cached,
                before.tokens().cachedPrompt(),
                after.tokens().cachedPrompt());
        Ledger all = client.ledger();
        double share = (double) all.sumOfDone(Answer::cachedTokens) / promptOfChoices(all);
        facts.near(
                "prefix",
                "cache.hit_rate",
                "cached / prompt tokens",
                share,
                after.cache().hitRate(),
                1e-9);
    }

    /** Requests and tokens since the engine started. */
    void counted(String step, Ledger ledger, EngineMetrics now) {
        Map<String, Long> reasons = ledger.finishReasons();
        facts.same(
                step,
                "requests.succeeded",
                "choices that ended by stop or length",
                reasons.getOrDefault("stop", 0L) + reasons.getOrDefault("length", 0L),
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
                promptOfChoices(ledger),
                now.tokens().prompt());
        facts.same(
                step,
                "tokens.generated",
                "usage",
                ledger.sumOfDone(Answer::generatedTokens),
                now.tokens().generated());
    }

    private static long promptOfChoices(Ledger ledger) {
        return ledger.sumOfDone(
                answer -> answer.promptTokens() * answer.finishReasons().size());
    }

    private void rates(Ledger during, Scrape before, Scrape after) {
        EngineRates rates = EngineRates.between(before.snapshot(), after.snapshot());
        after.judgeRate(
                facts,
                "mixed",
                "generated tokens/s",
                before,
                during.sumOfDone(Answer::generatedTokens),
                rates.generatedTokensPerSecond());
        after.judgeRate(
                facts, "mixed", "prompt tokens/s", before, promptOfChoices(during), rates.promptTokensPerSecond());
        after.judgeRate(facts, "mixed", "requests/s", before, during.choices(), rates.requestsPerSecond());
    }
}
