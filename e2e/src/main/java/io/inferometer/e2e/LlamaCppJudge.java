package io.inferometer.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.inferometer.Collectors;
import io.inferometer.e2e.Answer.Outcome;
import io.inferometer.e2e.Answer.Timings;
import io.inferometer.e2e.EngineClient.OpenRequest;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineRates;
import io.inferometer.snapshot.EngineSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** A llama-server with two slots and a small model. */
final class LlamaCppJudge implements Judge {
    private static final String MODEL = LlamaServer.MODEL;
    private static final int SLOTS = LlamaServer.SLOTS;
    private static final int OPEN = 6;
    private static final Duration BECOMING_BUSY = Duration.ofMinutes(1);
    private static final Duration SETTLING = Duration.ofMinutes(2);

    @Override
    public String name() {
        return "llamacpp";
    }

    @Override
    public void judge(Place place, Proofs proofs) throws IOException, InterruptedException {
        Facts facts = proofs.of(name(), Proofs.Witness.LIVE);
        LlamaServer server = new LlamaServer("llamacpp", EngineProcess.freePort());
        EngineProcess engine;
        try {
            engine = server.start(place);
        } catch (EngineProcess.NotStartedException e) {
            e.tell(facts, "llama-server");
            return;
        }
        try {
            new Run(engine.url(), facts, place).judge();
        } finally {
            engine.close();
        }
        new DeathAndReturn(name(), () -> server.start(place), LlamaCppJudge::someWork).judge(facts);
    }

    private static Answer someWork(EngineClient client) {
        return client.ask(Ask.completion("work", MODEL, "The quick brown fox", 8));
    }

    /** One engine, from fresh on. */
    private static final class Run {
        private final String url;
        private final Facts facts;
        private final Place place;

        Run(String url, Facts facts, Place place) {
            this.url = url;
            this.facts = facts;
            this.place = place;
        }

        void judge() throws IOException, InterruptedException {
            try (EngineClient client = new EngineClient(url)) {
                fresh();
                mixed(client);
                refused(client);
                load(client);
                aborted(client);
                commands();
                held();
            }
        }

        private EngineSnapshot snapshot() {
            return Collectors.forEngine("llamacpp").collect(url);
        }

        private Scrape scrape() {
            return Scrape.of(this::snapshot);
        }

        private void fresh() {
            EngineMetrics now = snapshot().metrics();
            facts.same("fresh", "load.requests_running", 0, now.load().requestsRunning());
            facts.same("fresh", "load.requests_waiting", 0, now.load().requestsWaiting());
            facts.same("fresh", "tokens.generated", 0, now.tokens().generated());
            facts.same(
                    "fresh",
                    "speculation.drafts",
                    "no draft model",
                    0,
                    now.speculation().drafts());
        }

        private void mixed(EngineClient client) throws InterruptedException {
            String prefix = "Once upon a time there was a small machine that counted everything it saw. ".repeat(4);
            Scrape before = scrape();
            client.ask(Ask.chat("chat", MODEL, "Say hello.", 12));
            client.ask(Ask.chat("chat, streamed", MODEL, "Say hello again.", 12).streamed());
            client.ask(Ask.completion("completion", MODEL, "One, two, three,", 10));
            client.ask(Ask.completion("completion, streamed", MODEL, "Red, green,", 10)
                    .streamed());
            client.ask(Ask.completion("stop", MODEL, "Count: 1 2 3 4 5 6 7 8 9", 16)
                    .with("stop", List.of("\n", "1")));
            for (String end : List.of("First.", "Second.", "Third.")) {
                client.ask(Ask.completion("repeated prefix", MODEL, prefix + end, 6));
            }
            Scrape after = settled();
            tokens("mixed", client.ledger(), after.metrics());
            rates("mixed", client.ledger(), before, after);
        }

        /** What is refused leaves no trace. */
        private void refused(EngineClient client) throws InterruptedException {
            EngineMetrics before = snapshot().metrics();
            Answer tooLong = client.ask(Ask.completion("too long", MODEL, "word ".repeat(6000), 4));
            Answer bad = client.send("bad JSON", "/v1/completions", "{\"prompt\": ");
            facts.that("refused", "client: too long", "4xx", 400, tooLong.status(), tooLong.status() / 100 == 4);
            facts.that("refused", "client: bad JSON", "4xx or 5xx", "an error", bad.status(), bad.status() >= 400);
            EngineMetrics after = settled().metrics();
            same(
                    "refused",
                    "tokens.prompt",
                    before.tokens().prompt(),
                    after.tokens().prompt());
            same(
                    "refused",
                    "tokens.generated",
                    before.tokens().generated(),
                    after.tokens().generated());
        }

        private void same(
                String scenario,
                String field,
                @org.jspecify.annotations.Nullable Long before,
                @org.jspecify.annotations.Nullable Long after) {
            facts.that(scenario, field, "unchanged", before, after, before != null && before.equals(after));
        }

        private void load(EngineClient client) throws InterruptedException {
            Scrape before = scrape();
            Ledger earlier = client.ledger();
            IntStream.range(0, OPEN)
                    .forEach(number -> client.open(Ask.completion("load", MODEL, "Story number " + number + ":", 64)));
            EngineMetrics busy = awaitBusy();
            facts.same(
                    "load",
                    "load.requests_running",
                    "6 open on 2 slots",
                    SLOTS,
                    busy.load().requestsRunning());
            facts.same(
                    "load",
                    "load.requests_waiting",
                    "6 open on 2 slots",
                    OPEN - SLOTS,
                    busy.load().requestsWaiting());
            client.awaitAll();
            Scrape after = settled();
            facts.same(
                    "drained",
                    "load.requests_running",
                    0,
                    after.metrics().load().requestsRunning());
            facts.same(
                    "drained",
                    "load.requests_waiting",
                    0,
                    after.metrics().load().requestsWaiting());
            tokens("drained", client.ledger(), after.metrics());
            rates("load", client.ledger().since(earlier), before, after);
        }

        private static boolean isLoad(EngineMetrics now, long running, long waiting) {
            Long runs = now.load().requestsRunning();
            Long waits = now.load().requestsWaiting();
            return runs != null && runs == running && waits != null && waits == waiting;
        }

        /** What the command says while as many requests are open as the client says. */
        private void held() throws IOException, InterruptedException {
            Ask longOne =
                    Ask.completion("held", MODEL, "An endless tale:", 1800).streamed();
            try (SteadyLoad load = new SteadyLoad(url, OPEN, longOne)) {
                EngineMetrics busy = awaitBusy();
                facts.that(
                        "held",
                        "client: open requests",
                        "running and waiting",
                        OPEN,
                        busy.load(),
                        isLoad(busy, SLOTS, OPEN - SLOTS));
                Saturation.judge(place, facts, "llamacpp", url, MODEL, SLOTS, OPEN - SLOTS);
            }
            Scrape after = settled();
            facts.same(
                    "left", "load.requests_running", 0, after.metrics().load().requestsRunning());
            facts.same(
                    "left", "load.requests_waiting", 0, after.metrics().load().requestsWaiting());
        }

        private EngineMetrics awaitBusy() throws InterruptedException {
            return Eventually.get(() -> snapshot().metrics(), now -> isLoad(now, SLOTS, OPEN - SLOTS), BECOMING_BUSY);
        }

        /** The tokens of a stream that the client gave up are counted too. */
        private void aborted(EngineClient client) throws InterruptedException {
            Long before = snapshot().metrics().tokens().generated();
            OpenRequest stream = client.open(
                    Ask.completion("aborted", MODEL, "An endless tale:", 600).streamed());
            Eventually.get(stream::pieces, pieces -> pieces >= 4, Duration.ofSeconds(30));
            stream.abort();
            Answer answer = stream.await();
            facts.that(
                    "aborted",
                    "client: aborted",
                    "by us",
                    "aborted",
                    answer.outcome(),
                    answer.outcome() == Outcome.ABORTED);
            Long after = settled().metrics().tokens().generated();
            long seen = stream.pieces();
            facts.that(
                    "aborted",
                    "tokens.generated",
                    "grew by the pieces that were seen, or a few more",
                    seen,
                    before == null || after == null ? null : after - before,
                    before != null && after != null && after - before >= seen && after - before < seen + 200);
        }

        private void commands() throws IOException, InterruptedException {
            EngineMetrics library = snapshot().metrics();
            JsonNode printed = place.inferometer()
                    .json("collect", "llamacpp", url, "--json")
                    .path("metrics");
            facts.that(
                    "command",
                    "command: collect",
                    "generated tokens as the library says",
                    library.tokens().generated(),
                    printed.path("tokens").path("generated"),
                    printed.path("tokens").path("generated").asLong(-1)
                            == java.util.Objects.requireNonNullElse(
                                    library.tokens().generated(), -2L));
        }

        private void tokens(String scenario, Ledger ledger, EngineMetrics now) {
            long prompt = ledger.sumOfTimings(Timings::prompt);
            long cached = ledger.sumOfTimings(Timings::cached);
            long predicted = ledger.sumOfTimings(Timings::predicted);
            facts.same(
                    scenario,
                    "tokens.prompt",
                    "sum of prompt_n + cache_n",
                    prompt + cached,
                    now.tokens().prompt());
            facts.same(
                    scenario,
                    "tokens.cached_prompt",
                    "sum of cache_n",
                    cached,
                    now.tokens().cachedPrompt());
            facts.same(
                    scenario,
                    "tokens.generated",
                    "sum of predicted_n",
                    predicted,
                    now.tokens().generated());
            facts.same(
                    scenario,
                    "cache.prefix_hits",
                    "sum of cache_n",
                    cached,
                    now.cache().prefixHits());
            facts.same(
                    scenario,
                    "cache.prefix_queries",
                    "sum of prompt_n + cache_n",
                    prompt + cached,
                    now.cache().prefixQueries());
            facts.near(
                    scenario,
                    "cache.hit_rate",
                    "cache_n / (prompt_n + cache_n)",
                    (double) cached / (prompt + cached),
                    now.cache().hitRate(),
                    1e-9);
        }

        private void rates(String scenario, Ledger during, Scrape before, Scrape after) {
            EngineRates rates = EngineRates.between(before.snapshot(), after.snapshot());
            long tokens = during.sumOfTimings(Timings::predicted);
            after.judgeRate(facts, scenario, "generated tokens/s", before, tokens, rates.generatedTokensPerSecond());
        }

        private Scrape settled() throws InterruptedException {
            return Eventually.get(this::scrape, now -> isLoad(now.metrics(), 0, 0), SETTLING);
        }
    }
}
