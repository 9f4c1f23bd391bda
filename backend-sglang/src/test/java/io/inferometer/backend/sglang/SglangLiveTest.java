package io.inferometer.backend.sglang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.testkit.GoldenPage;
import io.inferometer.testkit.SharedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Captures of real servers against what their client had sent and counted.
 *
 * <p>The ledgers restart with each phase and do not hold the server's warm-up (one request with 29 prompt tokens), so
 * counts are compared as differences of two captures of one run, or with the warm-up added.
 */
class SglangLiveTest {
    private static final int WARM_UP_REQUESTS = 1;
    private static final int WARM_UP_PROMPT_TOKENS = 29;
    private static final int WARM_UP_GENERATED_TOKENS = 2;

    @Test
    void aFreshPageHoldsTheWarmUpAndNothingElse() {
        SglangSnapshot fresh = read("01-fresh");
        EngineMetrics metrics = fresh.metrics();

        assertThat(metrics.load().requestsRunning()).isZero();
        assertThat(metrics.load().requestsWaiting()).isZero();
        assertThat(fresh.request().numRequestsTotal()).isEqualTo(WARM_UP_REQUESTS);
        assertThat(metrics.tokens().prompt()).isEqualTo(WARM_UP_PROMPT_TOKENS);
        assertThat(metrics.tokens().generated()).isEqualTo(WARM_UP_GENERATED_TOKENS);
        assertThat(metrics.latency().endToEnd().count()).isEqualTo(WARM_UP_REQUESTS);
        assertThat(metrics.latency().queue().count()).isEqualTo(2); // And the health probe.
        assertThat(metrics.cache().kvUsage()).isZero();
        assertThat(metrics.cache().kvCapacityTokens()).isEqualTo(8192);
        assertThat(metrics.cache().kvBlocks()).isEqualTo(8192);
        assertThat(metrics.cache().kvBlockSize()).isEqualTo(1);

        assertThat(metrics.tokens().cachedPrompt()).isNull();
        assertThat(metrics.requests().aborted()).isNull();
        assertThat(metrics.events().preemptions()).isNull();
        assertThat(metrics.adapters().maxLora()).isNull();
        assertThat(fresh.request().failureTotal()).isNull();
        assertThat(fresh.cache().prefixCacheHitTotal()).isNull();
        assertThat(metrics.latency().interToken()).isNull();
        assertThat(metrics.cache().prefixHits()).isZero(); // What the page says is 0 is 0.
        assertThat(metrics.cache().prefixQueries()).isEqualTo(30);
    }

    @Test
    void anOpenMetricsPageSaysTheSame() {
        SglangSnapshot text = read("01-fresh");
        SglangSnapshot openMetrics = read("02-fresh-openmetrics");

        assertThat(openMetrics.metrics()).isEqualTo(text.metrics());
        assertThat(openMetrics.request()).isEqualTo(text.request());
        assertThat(openMetrics.kvPool()).isEqualTo(text.kvPool());
        assertThat(openMetrics.header().unreadableLines()).isZero();
        assertThat(openMetrics.provenance().get("tokens.prompt").family()).isEqualTo("sglang_prompt_tokens_total");
    }

    @Test
    void anEmptyPageIsNoFreshEngine() {
        GoldenPage empty = GoldenPage.read(file("05-fresh-name-slash.prom"));
        assertThat(empty.bytes()).isEmpty();
        assertThat(new SglangBackend().recognizes(empty.pageFor(new SglangBackend())))
                .isFalse();
        assertThat(new SglangBackend().emptyPageIsFresh()).isFalse();
    }

    /** Ended requests, prompt and generated tokens: exact, where n=k is k+1 requests with a prompt each. */
    @ParameterizedTest
    @CsvSource({
        "01-fresh, 12-after-mixed-6s",
        "20-load-before, 20-load-02",
        "20-load-before, 20-load-06",
        "20-load-before, 20-load-09",
        "20-load-before, 20-load-end-0s",
        "20-load-before, 20-quiet-10s",
        "38-after-400, 45-loads-under-load-0",
        "71-D-load-0, 71-D-load-2",
        "71-D-load-0, 72-D-after"
    })
    void countsWhatTheClientSent(String before, String after) {
        SglangSnapshot a = read(before);
        SglangSnapshot b = read(after);
        JsonNode ledger = ledger(after);

        long requests = sum(ledger, SglangLiveTest::requestsOf);
        assertThat(grown(a.request().numRequestsTotal(), b.request().numRequestsTotal()))
                .isEqualTo(requests);
        assertThat(grown(a.request().successTotal(), b.request().successTotal()))
                .isEqualTo(requests);
        assertThat(grown(a.metrics().tokens().prompt(), b.metrics().tokens().prompt()))
                .isEqualTo(sum(ledger, SglangLiveTest::promptTokensOf));
        assertThat(grown(a.metrics().tokens().generated(), b.metrics().tokens().generated()))
                .isEqualTo(client(ledger, "gen_tokens_done").asLong());
        assertThat(grown(
                        countOf(a.metrics().latency().endToEnd()),
                        countOf(b.metrics().latency().endToEnd())))
                .isEqualTo(requests);
    }

    @ParameterizedTest
    @CsvSource({
        "01-fresh, 0, 0",
        "12-after-mixed-6s, 0, 0",
        "20-load-02, 2, 6",
        "20-load-06, 2, 6",
        "20-load-09, 0, 4", // A report made at a prefill leaves out the new batch: 2 were running.
        "20-load-end-0s, 0, 0",
        "20-quiet-10s, 0, 0",
        "31-abort-midstream-2s, 0, 0",
        "34-queued-clients-left, 2, 2", // One client without streaming left, which is not noticed.
        "38-after-400, 0, 0",
        "45-loads-under-load-0, 2, 2",
        "53-C-prio-load-2, 2, 1", // --max-running-requests 2
        "67b-E-retract-after, 0, 0",
        "71-D-load-0, 3, 0", // 8 were running: see the live load.
        "71-D-load-2, 8, 0",
        "72-D-after, 0, 0",
        "80-R-after-load, 0, 0",
        "86-O-after-load, 1, 0", // 0.5.5 says 1 for 30 s after the end.
        "93-L-after-load, 0, 0"
    })
    void readsWhatIsInFlight(String name, long running, long waiting) {
        EngineMetrics.Load load = read(name).metrics().load();
        assertThat(load.requestsRunning()).isEqualTo(running);
        assertThat(load.requestsWaiting()).isEqualTo(waiting);
    }

    @ParameterizedTest
    @CsvSource({
        "12-after-mixed-6s",
        "20-load-02",
        "20-load-06",
        "45-loads-under-load-0",
        "53-C-prio-load-2",
        "71-D-load-2",
        "72-D-after",
        "93-L-after-load"
    })
    void agreesWithTheClientOnWhatIsInFlight(String name) {
        EngineMetrics.Load load = read(name).metrics().load();
        JsonNode inFlight = ledger(name).get("in_flight_before");
        long sent = inFlight.get("sent_no_token_yet_or_nonstream").asLong()
                + inFlight.get("streaming").asLong();
        assertThat(load.requestsRunning() + load.requestsWaiting()).isEqualTo(sent);
    }

    @Test
    void latenciesAgreeWithTheClientsClock() {
        SglangSnapshot before = read("20-load-before");
        SglangSnapshot after = read("20-load-end-0s");
        JsonNode ledger = ledger("20-load-end-0s");
        EngineMetrics.Latency a = before.metrics().latency();
        EngineMetrics.Latency b = after.metrics().latency();

        Distribution firstToken = b.timeToFirstToken().since(a.timeToFirstToken());
        assertThat(firstToken.count()).isEqualTo(8);
        assertThat(firstToken.sum())
                .isCloseTo(client(ledger, "ttft_sum_stream_done").asDouble(), withinPercentage(0.2));
        Distribution endToEnd = b.endToEnd().since(a.endToEnd());
        assertThat(endToEnd.count()).isEqualTo(8);
        assertThat(endToEnd.sum()).isCloseTo(client(ledger, "e2e_sum_done").asDouble(), withinPercentage(0.1));
        Distribution interToken = b.interToken().since(a.interToken());
        assertThat(interToken.count()).isEqualTo(2392); // 2400 tokens, less the first of each of 8 requests.
        assertThat(interToken.sum())
                .isCloseTo(client(ledger, "itl_sum_stream_done").asDouble(), withinPercentage(0.3));
        assertThat(b.perOutputToken().since(a.perOutputToken()).count()).isEqualTo(8);
        assertThat(b.queue().since(a.queue()).count()).isEqualTo(8);
        assertThat(b.prefill().since(a.prefill()).count()).isEqualTo(8);
        assertThat(after.metrics().size().generatedTokens().sum()
                        - before.metrics().size().generatedTokens().sum())
                .isEqualTo(2400);
        assertThat(after.metrics().size().promptTokens().sum()
                        - before.metrics().size().promptTokens().sum())
                .isEqualTo(872);
    }

    @Test
    void kvUsageIsExactWhereTheEngineRoundsIt() {
        SglangSnapshot load = read("20-load-06");
        assertThat(load.metrics().cache().kvUsage()).isEqualTo(566.0 / 8192);
        assertThat(load.kvPool().tokenUsage()).isEqualTo(0.07);
        assertThat(load.kvPool().usedTokens()).isEqualTo(566);
    }

    @Test
    void theHitRateComesFromCounters() {
        SglangSnapshot mixed = read("12-after-mixed-6s");
        assertThat(mixed.metrics().tokens().cachedPrompt()).isEqualTo(1278);
        assertThat(mixed.metrics().cache().hitRate()).isEqualTo(1278.0 / 2079);
        assertThat(mixed.cache().cacheHitRate()).isEqualTo(1278.0 / 2079);
    }

    @Test
    void abortsAreCountedAsTheFactsSay() {
        SglangSnapshot quiet = read("20-quiet-10s");
        assertThat(quiet.metrics().requests().aborted()).isNull();

        SglangSnapshot midstream = read("31-abort-midstream-2s");
        assertThat(client(ledger("31-abort-midstream-2s"), "by_outcome")
                        .get("client_abort")
                        .asLong())
                .isEqualTo(1);
        assertThat(midstream.metrics().requests().aborted()).isEqualTo(1);
        assertThat(grown(quiet.request().numRequestsTotal(), midstream.request().numRequestsTotal()))
                .isEqualTo(1); // Aborted while running: in both.
        assertThat(grown(quiet.request().successTotal(), midstream.request().successTotal()))
                .isZero();

        SglangSnapshot queued = read("34-queued-clients-left");
        assertThat(queued.metrics().requests().aborted()).isEqualTo(3); // Two midstream, one in the queue.
        assertThat(grown(quiet.request().numRequestsTotal(), queued.request().numRequestsTotal()))
                .isEqualTo(3); // Two midstream, and one without streaming that nobody waits for.
    }

    @Test
    void rejectedRequestsAreInNoFamilyButHttpResponses() {
        SglangSnapshot before = read("34-queued-clients-left");
        SglangSnapshot after = read("38-after-400");
        long refused =
                client(ledger("38-after-400"), "by_outcome").get("http_error").asLong();

        assertThat(before.http().responsesByStatus()).doesNotContainKey("400");
        assertThat(after.http().responsesByStatus()).containsEntry("400", refused);
        assertThat(after.metrics().requests().failed()).isNull();
        // The two runners, the queued one that nobody waits for, and one ended by /abort_request.
        assertThat(grown(before.request().numRequestsTotal(), after.request().numRequestsTotal()))
                .isEqualTo(4);
        assertThat(grown(
                        before.metrics().requests().aborted(),
                        after.metrics().requests().aborted()))
                .isEqualTo(2); // By /abort_request, one queued and one running.
    }

    @Test
    void theLiveLoadIsExact() throws IOException {
        GoldenPage page = GoldenPage.read(file("45-loads-under-load-0.prom"))
                .withAnswer("loads", Files.readAllBytes(file("45-loads-under-load-0.loads.json")));
        SglangSnapshot snapshot = page.readBy(new SglangBackend());
        JsonNode inFlight = ledger("45-loads-under-load-0").get("in_flight_before");

        assertThat(snapshot.metrics().load().requestsRunning())
                .isEqualTo(inFlight.get("streaming").asLong());
        assertThat(snapshot.metrics().load().requestsWaiting())
                .isEqualTo(inFlight.get("sent_no_token_yet_or_nonstream").asLong());
        assertThat(snapshot.metrics().cache().kvUsage()).isEqualTo(184.0 / 8192);
        assertThat(snapshot.metrics().cache().kvCapacityTokens()).isEqualTo(8192);
        assertThat(snapshot.header().engineVersion()).isEqualTo("0.5.23");
        assertThat(snapshot.provenance().get("load.requests_running").family()).isEqualTo("/v1/loads num_running_reqs");
        assertThat(snapshot.loads()).singleElement().satisfies(rank -> {
            assertThat(rank.numWaitingUncachedTokens()).isEqualTo(48);
            assertThat(rank.numTotalTokens()).isEqualTo(276);
            assertThat(rank.tokenUsage()).isEqualTo(0.0225);
            assertThat(rank.genThroughput()).isEqualTo(130.96);
            assertThat(rank.queues()).containsEntry("waiting", 2L).containsEntry("grammar", 0L);
        });
    }

    @Test
    void theLiveLoadOfTwoRanksIsRightWhereThePageLags() throws IOException {
        GoldenPage page = GoldenPage.read(file("71-D-load-0.prom"));
        assertThat(page.readBy(new SglangBackend()).metrics().load().requestsRunning())
                .isEqualTo(3); // 2 + 1

        SglangSnapshot live = page.withAnswer("loads", Files.readAllBytes(file("71-D-loads.json")))
                .readBy(new SglangBackend());
        assertThat(live.metrics().load().requestsRunning())
                .isEqualTo(ledger("71-D-load-0")
                        .get("in_flight_before")
                        .get("streaming")
                        .asLong());
        assertThat(live.metrics().load().requestsWaiting()).isZero();
        assertThat(live.metrics().cache().kvUsage()).isEqualTo(595.0 / 4096);
        assertThat(live.metrics().cache().kvCapacityTokens()).isEqualTo(8192);
        assertThat(live.byRank().get("0").load().requestsRunning()).isEqualTo(4);
        assertThat(live.byRank().get("1").load().requestsRunning()).isEqualTo(4);
        assertThat(live.byRank().get("1").cache().kvUsage()).isEqualTo(595.0 / 4096);
        assertThat(live.system().numRequestsRunning()).isEqualTo(3); // The page's own words stay.
    }

    @Test
    void anIdleServerSaysSoInItsLoads() throws IOException {
        SglangSnapshot idle = GoldenPage.read(file("01-fresh.prom"))
                .withAnswer("loads", Files.readAllBytes(file("info_v1_loads-include-all.json")))
                .readBy(new SglangBackend());
        assertThat(idle.metrics().load().requestsRunning()).isZero();
        assertThat(idle.metrics().load().requestsWaiting()).isZero();
        assertThat(idle.metrics().cache().kvUsage()).isZero();
    }

    @Test
    void loadsInThePrometheusFormatAreNotTakenForJson() throws IOException {
        SglangSnapshot snapshot = GoldenPage.read(file("01-fresh.prom"))
                .withAnswer("loads", Files.readAllBytes(file("info_v1_loads-format-prometheus.json")))
                .readBy(new SglangBackend());
        assertThat(snapshot.loads()).isEmpty();
        assertThat(snapshot.provenance().get("load.requests_running").family()).isEqualTo("sglang:num_running_reqs");
    }

    /** A run of its own, without a capture before its load and without warm-up. */
    @Test
    void prioritiesAreSummedInCountersAndNotInGauges() {
        SglangSnapshot prio = read("53-C-prio-load-2");
        JsonNode client = ledger("53-C-prio-load-2").get("client");

        assertThat(prio.request().numRequestsTotal())
                .isEqualTo(client.get("done_http").asLong());
        assertThat(prio.request().successTotal()).isEqualTo(9);
        assertThat(prio.metrics().tokens().prompt())
                .isEqualTo(client.get("prompt_tokens_done").asLong());
        assertThat(prio.metrics().tokens().generated())
                .isEqualTo(client.get("gen_tokens_done").asLong());
        assertThat(prio.metrics().tokens().cachedPrompt())
                .isEqualTo(client.get("cached_tokens_done").asLong());
        assertThat(prio.metrics().cache().kvUsage()).isEqualTo(239.0 / 8192);
        assertThat(prio.metrics().latency().queue().count()).isEqualTo(13); // 12 and the health probe.
        assertThat(prio.byModel()).isEmpty();
    }

    @Test
    void retractionsArePreemptions() {
        SglangSnapshot retract = read("67b-E-retract-after");
        assertThat(retract.metrics().events().preemptions()).isEqualTo(3);
        assertThat(retract.retraction().inputTokensTotal()).isEqualTo(141);
        assertThat(retract.retraction().outputTokensTotal()).isEqualTo(290);
        assertThat(retract.retraction().requestsInLastReport()).isZero(); // The gauge is reset at each report.
        assertThat(retract.hiCache().evictedTokensTotal()).isEqualTo(4202);
        assertThat(retract.hiCache().evictionSeconds().count()).isEqualTo(34);
        assertThat(retract.byRank()).isEmpty(); // One rank only, named by the cache's families.
    }

    @Test
    void dataParallelRanksAreSummed() {
        SglangSnapshot load = read("71-D-load-2");
        assertThat(load.metrics().cache().kvCapacityTokens()).isEqualTo(8192); // 2 * 4096
        assertThat(load.metrics().cache().kvBlocks()).isEqualTo(8192);
        assertThat(load.metrics().cache().kvUsage()).isEqualTo(487.0 / 4096);
        assertThat(load.meanKvUsage()).isEqualTo(487.0 / 4096);
        assertThat(load.byRank()).containsOnlyKeys("0", "1");
        assertThat(load.byRank().get("0").load().requestsRunning()).isEqualTo(4);
        assertThat(load.byRank().get("1").latency().queue().count()).isEqualTo(5);
        assertThat(load.metrics().latency().queue().count()).isEqualTo(11); // 5 + 6
        assertThat(load.tokens().realtimeByMode()).containsEntry("decode", 676L); // 326 + 350
    }

    @Test
    void theRustServerCountsChoices() {
        SglangSnapshot rust = read("80-R-after-load");
        JsonNode ledger = ledger("80-R-after-load");
        long choices = client(ledger, "done_sequences").asLong();
        JsonNode aborted = requests(ledger)
                .filter(request -> request.get("state").asText().equals("client_abort"))
                .findFirst()
                .orElseThrow();

        assertThat(rust.request().numRequestsTotal()).isEqualTo(choices + 1 + WARM_UP_REQUESTS); // And the abort.
        assertThat(rust.metrics().requests().aborted()).isEqualTo(1);
        assertThat(rust.request().successTotal()).isEqualTo(choices + WARM_UP_REQUESTS);
        assertThat(rust.metrics().tokens().prompt())
                .isEqualTo(client(ledger, "prompt_tokens_done").asLong()
                        + 19 // The prompt of n=2 once more.
                        + aborted.get("prompt").asLong()
                        + WARM_UP_PROMPT_TOKENS);
        assertThat(rust.metrics().tokens().generated())
                .isEqualTo(client(ledger, "gen_tokens_done").asLong()
                        + aborted.get("gen").asLong()
                        + WARM_UP_GENERATED_TOKENS);
        assertThat(rust.http().requestsTotal()).isNull();
        assertThat(rust.startup().secondsByPhase()).isEmpty();
    }

    @Test
    void anOlderServerIsReadByItsOldNames() {
        SglangSnapshot old = read("86-O-after-load");
        JsonNode ledger = ledger("86-O-after-load");

        long ended = sum(ledger, SglangLiveTest::requestsOf);
        assertThat(old.request().numRequestsTotal()).isEqualTo(ended + 1 + WARM_UP_REQUESTS); // And the abort.
        assertThat(old.metrics().tokens().prompt())
                .isEqualTo(sum(ledger, SglangLiveTest::promptTokensOf) + 8 + WARM_UP_PROMPT_TOKENS);
        assertThat(old.metrics().requests().aborted()).isEqualTo(1);
        assertThat(old.metrics().tokens().cachedPrompt()).isEqualTo(37); // 36, and 1 of the abort.
        assertThat(old.cache().cachedTokensBySource()).isEmpty();
        assertThat(old.metrics().cache().kvUsage()).isEqualTo(0.0267333984375);
        assertThat(old.metrics().cache().kvCapacityTokens()).isNull();
        assertThat(old.metrics().latency().endToEnd().count()).isEqualTo(14);
        assertThat(old.metrics().latency().perOutputToken()).isNull();
        assertCount(old.retraction().perRequest(), 14);
    }

    @Test
    void loraSlotsAreCountedWithoutNames() {
        SglangSnapshot lora = read("93-L-after-load");
        JsonNode client = ledger("93-L-after-load").get("client");

        assertThat(lora.metrics().adapters().maxLora()).isEqualTo(2);
        assertThat(lora.metrics().adapters().runningAdapters()).isNull();
        assertThat(lora.loraPool()).isEqualTo(new SglangSnapshot.LoraPool(0L, 2L, 0.0));
        assertThat(lora.request().successTotal())
                .isEqualTo(client.get("done_http").asLong() + WARM_UP_REQUESTS);
        assertThat(lora.metrics().tokens().prompt())
                .isEqualTo(client.get("prompt_tokens_done").asLong() + WARM_UP_PROMPT_TOKENS);
        assertThat(lora.metrics().tokens().generated())
                .isEqualTo(client.get("gen_tokens_done").asLong() + WARM_UP_GENERATED_TOKENS);
        assertThat(lora.metrics().tokens().cachedPrompt())
                .isEqualTo(client.get("cached_tokens_done").asLong());
    }

    @Test
    void whatTheServerTellsBesidesItsLoadHasItsPlace() {
        SglangSnapshot fresh = read("01-fresh");
        assertThat(fresh.cache().cacheMemoryUsageBytes()).isEqualTo(201_351_168); // 0.18752288818359375 GiB
        assertThat(fresh.memory().availableAtStartupGib()).isEqualTo(20.616065979003906);
        assertThat(fresh.memory().graphsGibByPhase()).hasSize(6).containsEntry("decode", 0.0);
        assertThat(fresh.startup().secondsByPhase()).containsEntry("load_weight", 0.14584426100009296);
        assertThat(fresh.http().requestsTotal()).isEqualTo(6); // 2 + 1 + 1 + 1 + 1
        assertThat(fresh.http().responsesByStatus()).isEqualTo(Map.of("200", 4L, "503", 1L));
        assertThat(fresh.http().requestsActive()).isEqualTo(1); // The scrape itself.
        assertThat(fresh.system().forwardOccupancy()).isNull();
        assertThat(fresh.system().processCpuSecondsByComponent()).containsOnlyKeys("tokenizer", "detokenizer");
        assertThat(fresh.scheduler().stageSecondsByCategory()).hasSize(9).containsEntry("process_queue", 0.0);
        assertThat(fresh.dataParallel().attentionTokensByKind()).isEqualTo(Map.of("scheduled", 0L, "imbalance", 0L));
        assertThat(fresh.kvPool().availableTokens()).isEqualTo(8160);
        assertThat(fresh.kvPool().evictableTokens()).isEqualTo(32);
        assertThat(fresh.routing().keysByAllRequests()).hasSize(11);
        assertThat(fresh.header().engineVersion()).isNull();
        assertThat(fresh.metrics().models()).singleElement().satisfies(model -> {
            assertThat(model.name()).isEqualTo("tiny");
            assertThat(model.contextLength()).isEqualTo(2048);
        });
    }

    private static SglangSnapshot read(String name) {
        return GoldenPage.read(file(name + ".prom")).readBy(new SglangBackend());
    }

    private static JsonNode ledger(String name) {
        try {
            return JsonMapper.builder()
                    .build()
                    .readTree(file(name + ".truth.json").toFile());
        } catch (IOException e) {
            throw new AssertionError("Cannot read the ledger of " + name, e);
        }
    }

    private static Path file(String name) {
        return SharedFolder.live("sglang").resolve(name);
    }

    private static JsonNode client(JsonNode ledger, String field) {
        return ledger.get("client").get(field);
    }

    private static Stream<JsonNode> requests(JsonNode ledger) {
        return StreamSupport.stream(ledger.get("requests").spliterator(), false);
    }

    private static long sum(JsonNode ledger, ToLongFunction<JsonNode> part) {
        return requests(ledger)
                .filter(request -> request.get("state").asText().equals("done"))
                .mapToLong(part)
                .sum();
    }

    /** The engine counts one more than the choices of n=k; a list of prompts counts each. */
    private static long requestsOf(JsonNode request) {
        long choices = request.get("n").asLong();
        return choices > 1 ? choices + 1 : request.get("finish").size();
    }

    /** A prompt for each of those; {@code usage} has it once, {@code /generate} for each choice. */
    private static long promptTokensOf(JsonNode request) {
        long prompt = request.get("prompt").asLong();
        long choices = request.get("n").asLong();
        boolean eachChoice = request.get("kind").asText().equals("generate");
        return choices > 1 ? (choices + 1) * (eachChoice ? prompt / choices : prompt) : prompt;
    }

    private static long grown(Long before, Long after) {
        return after - before;
    }

    private static Long countOf(Distribution distribution) {
        return distribution.count();
    }

    private static void assertCount(Distribution distribution, long count) {
        assertThat(distribution.count()).isEqualTo(count);
    }
}
