package io.inferometer.backend.vllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineRates;
import io.inferometer.snapshot.ModelInfo;
import io.inferometer.testkit.GoldenPage;
import io.inferometer.testkit.SharedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Captures of real engines against the ledger of the client that loaded them: the ledger is the judge.
 *
 * <p>What the engine counts and the client does not is written here by hand, capture by capture: the prompts of requests
 * still in flight or given up, their first tokens, and so on.
 */
class VllmLiveTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /**
     * What the page must say beyond the ledger.
     *
     * @param prompt prompt tokens of requests in flight and of aborted ones
     * @param firstTokens first tokens of requests in flight and of aborted ones
     * @param gaps observed gaps beyond generated tokens minus first tokens
     * @param queries prefix cache queries beyond prompt tokens
     * @param hits prefix cache hits, from the prompts that the client repeated
     * @param preemptions preemptions
     * @param usedBlocks KV blocks in use
     * @param usableBlocks KV blocks but one
     * @param clientLag how much longer a request may seem to its client than to the engine, in seconds
     */
    record Capture(
            String name,
            long prompt,
            long firstTokens,
            long gaps,
            long queries,
            long hits,
            long preemptions,
            int usedBlocks,
            int usableBlocks,
            double clientLag) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Capture> CAPTURES = captures("""
            01-fresh-b                |  0 | 0 |    0 |  0 |    0 | 0 | 0 | 16383 | 0.05
            02-mixed                  |  0 | 0 |    0 |  0 | 1024 | 0 | 0 | 16383 | 0.05
            02b-after-n2              |  0 | 0 |    0 |  0 | 1024 | 0 | 0 | 16383 | 0.05
            03-load-1                 | 74 | 2 |    0 |  0 |    0 | 0 | 4 |   226 | 0.05
            03-load-2                 | 74 | 2 |    0 |  0 |    0 | 0 | 4 |   226 | 0.05
            03-load-after             |  0 | 0 |    0 |  0 |    0 | 0 | 0 |   226 | 0.05
            03t-timing                |  0 | 0 |    0 |  0 |    0 | 0 | 0 |   226 | 0.05
            04-B-after-aborts-and-400 | 60 | 3 |    0 | 29 |    0 | 0 | 0 |   226 | 0.05
            05-quiet-1                |  0 | 0 |    0 |  0 | 1024 | 0 | 0 | 16383 | 0.05
            05-quiet-2                |  0 | 0 |    0 |  0 | 1024 | 0 | 0 | 16383 | 0.05
            06-fresh                  |  0 | 0 |    0 |  0 |    0 | 0 | 0 |   226 | 0.05
            06b-running-lora-a        | 14 | 1 |    0 |  0 |    0 | 0 | 1 |   226 | 0.05
            06c-a-running-b-waiting   | 44 | 3 |    0 |  0 |    0 | 0 | 3 |   226 | 0.05
            07-api2-after             |  0 | 0 |    0 |  0 |    0 | 0 | 0 |   226 | 0.05
            07-api2-fresh             |  0 | 0 |    0 |  0 |    0 | 0 | 0 |     0 | 0.05
            07-dp2-after              |  0 | 0 |    0 |  0 |    0 | 0 | 0 |   226 | 0.25
            07-dp2-load-2             | 24 | 4 |    3 |  0 |    0 | 0 | 2 |   226 | 0.05
            08i-after                 |  0 | 0 | -122 |  0 |    0 | 0 | 0 |   226 | 0.05
            09-slash-openmetrics      |  0 | 0 |    0 |  0 | 1024 | 0 | 0 | 16383 | 0.05
            10-after                  |  0 | 0 |    0 |  0 |    0 | 3 | 0 |     7 | 0.05
            10-load-10                | 246 | 3 |   0 |  0 |    0 | 0 | 0 |     7 | 0.05
            11a-prefix                |  0 | 0 |    0 |  0 | 1920 | 0 | 0 |   226 | 0.05
            11d-pause-abort           | 15 | 2 |    3 |  0 | 1920 | 0 | 0 |   226 | 0.05
            12-nan-after              |  0 | 0 |    0 |  0 |    0 | 0 | 0 |   226 | 0.05
            20-old-after              | 26 | 2 |    0 |  0 | 1024 | 0 | 0 |   226 | 0.05
            20-old-slash-openmetrics  | 26 | 2 |    0 |  0 | 1024 | 0 | 0 |   226 | 0.05
            """);

    private static final List<String> OTHERS = List.of("09-slash-name-filter", "13-disable-log-stats");

    @Test
    void knowsEveryCaptureOfTheFolder() {
        List<String> known = new ArrayList<>(OTHERS);
        CAPTURES.forEach(capture -> known.add(capture.name()));
        assertThat(GoldenPage.inFolder(folder()).map(GoldenPage::name)).containsExactlyInAnyOrderElementsOf(known);
    }

    @ParameterizedTest
    @MethodSource("captures")
    void agreesOnRequests(Capture capture) {
        Ledger ledger = ledger(capture.name());
        VllmSnapshot snapshot = read(capture.name());
        EngineMetrics metrics = snapshot.metrics();
        if (capture.name().equals("07-api2-fresh")) {
            assertThat(metrics.load()).isEqualTo(new EngineMetrics.Load(null, null, null, null, null, false));
        } else {
            assertThat(number(metrics.load().requestsRunning())
                            + number(metrics.load().requestsWaiting()))
                    .isEqualTo(ledger.inFlight());
            assertThat(metrics.load().asleep()).isEqualTo(ledger.isOld() ? null : (Boolean) false);
        }
        assertThat(metrics.requests().received()).isNull();
        assertThat(metrics.requests().succeeded()).isEqualTo(ledger.answeredChoices());
        assertThat(metrics.requests().aborted()).isEqualTo(ledger.pauseAborts());
        assertThat(metrics.requests().failed()).isEqualTo(ledger.isOld() ? null : (Long) 0L);
        assertThat(metrics.requests().byReason())
                .containsEntry("stop", ledger.choicesBy("stop"))
                .containsEntry("length", ledger.choicesBy("length"))
                .containsEntry("abort", ledger.pauseAborts());
        assertThat(snapshot.request().successTotal()).isEqualTo(ledger.answeredChoices());
        assertThat(snapshot.request().failureTotal()).isEqualTo(ledger.pauseAborts());
        assertThat(metrics.events().preemptions()).isEqualTo(capture.preemptions());
    }

    @ParameterizedTest
    @MethodSource("captures")
    void agreesOnTokens(Capture capture) {
        Ledger ledger = ledger(capture.name());
        VllmSnapshot snapshot = read(capture.name());
        EngineMetrics metrics = snapshot.metrics();
        assertThat(metrics.tokens().prompt()).isEqualTo(ledger.promptTokens() + capture.prompt());
        assertThat(distribution(metrics.size().promptTokens()).sum()).isEqualTo((double) ledger.promptTokens());
        assertThat(distribution(metrics.size().generatedTokens()).sum()).isEqualTo((double) ledger.generatedTokens());
        long generated = number(metrics.tokens().generated());
        if (capture.firstTokens() == 0) {
            assertThat(generated).isEqualTo(ledger.generatedTokens());
        } else {
            assertThat(generated).isGreaterThanOrEqualTo(ledger.receivedTokens());
        }
        assertThat(metrics.cache().prefixQueries())
                .isEqualTo(number(metrics.tokens().prompt()) + capture.queries());
        assertThat(metrics.cache().prefixHits()).isEqualTo(capture.hits());
        assertThat(metrics.tokens().cachedPrompt()).isEqualTo(ledger.isOld() ? null : (Long) capture.hits());
        assertThat(snapshot.throughput().promptTokensTotal())
                .isEqualTo(metrics.tokens().prompt());
        assertThat(snapshot.throughput().generationTokensTotal()).isEqualTo(generated);
    }

    @ParameterizedTest
    @MethodSource("captures")
    void agreesOnLatencies(Capture capture) {
        Ledger ledger = ledger(capture.name());
        EngineMetrics metrics = read(capture.name()).metrics();
        long ended = ledger.answeredChoices() + ledger.pauseAborts();
        Distribution endToEnd = distribution(metrics.latency().endToEnd());
        assertThat(endToEnd.count()).isEqualTo(ended);
        double byClient = ledger.endToEndSeconds();
        assertThat(Objects.requireNonNull(endToEnd.sum())).isBetween(byClient - ended * capture.clientLag(), byClient);
        long firstTokens =
                number(distribution(metrics.latency().timeToFirstToken()).count());
        assertThat(firstTokens).isEqualTo(ended + capture.firstTokens());
        assertThat(distribution(metrics.latency().interToken()).count())
                .isEqualTo(number(metrics.tokens().generated()) - firstTokens + capture.gaps());
        assertThat(distribution(metrics.latency().perOutputToken()).count()).isEqualTo(ended);
        assertThat(distribution(metrics.latency().queue()).count()).isEqualTo(ended);
        assertThat(distribution(metrics.latency().prefill()).count()).isEqualTo(ended);
        assertThat(distribution(metrics.latency().decode()).count()).isEqualTo(ended);
        assertThat(distribution(metrics.latency().inference()).count()).isEqualTo(ended);
    }

    @ParameterizedTest
    @MethodSource("captures")
    void agreesOnWhatWasAskedFor(Capture capture) {
        Ledger ledger = ledger(capture.name());
        VllmSnapshot snapshot = read(capture.name());
        assertThat(distribution(snapshot.requestParameters().maxNumGenerationTokens())
                        .count())
                .isEqualTo(ledger.prompts());
        assertThat(distribution(snapshot.requestParameters().n()).count()).isEqualTo(ledger.prompts());
        assertThat(distribution(snapshot.requestParameters().maxTokens()).count())
                .isEqualTo(ledger.answeredChoices() + ledger.pauseAborts());
    }

    @ParameterizedTest
    @MethodSource("captures")
    void agreesOnTheKvCache(Capture capture) {
        EngineMetrics.Cache cache = read(capture.name()).metrics().cache();
        if (capture.usableBlocks() == 0) {
            assertThat(cache.kvUsage()).isNull();
            return;
        }
        assertThat(Objects.requireNonNull(cache.kvUsage()))
                .isCloseTo((double) capture.usedBlocks() / capture.usableBlocks(), within(1e-12));
        int ranks = capture.name().startsWith("07-dp2") ? 2 : 1;
        long blocks = ranks * (capture.usableBlocks() + 1L);
        assertThat(cache.kvBlocks()).isEqualTo(blocks);
        assertThat(cache.kvBlockSize()).isEqualTo(128);
        assertThat(cache.kvCapacityTokens()).isEqualTo(blocks * 128);
    }

    @Test
    void agreesWithTheClientsClockWhereTheMachineWasQuiet() {
        Ledger ledger = ledger("03t-timing");
        EngineMetrics.Latency latency = read("03t-timing").metrics().latency();
        // Seven requests, of which the client saw the first tokens of the six that streamed.
        assertThat(sum(latency.timeToFirstToken())).isCloseTo(ledger.sumOf("ttft_s"), within(0.02));
        assertThat(sum(latency.interToken())).isCloseTo(ledger.sumOf("gaps_sum_s"), within(0.03));
    }

    @Test
    void countsOneGapForEachChunkOfASpeculatingEngine() {
        Ledger ledger = ledger("08i-after");
        VllmSnapshot snapshot = read("08i-after");
        assertThat(distribution(snapshot.metrics().latency().interToken()).count())
                .isEqualTo(Math.round(ledger.sumOf("gaps")));
        assertThat(sum(snapshot.metrics().latency().timeToFirstToken()))
                .isCloseTo(ledger.sumOf("ttft_s"), within(3 * 0.1));
        // 41 drafts of 3 tokens, all accepted: the model cycles.
        assertThat(snapshot.metrics().speculation()).isEqualTo(new EngineMetrics.Speculation(41L, 123L, 123L));
        assertThat(snapshot.speculation().acceptedPerPosition().toString()).isEqualTo("{0=41, 1=41, 2=41}");
        assertThat(snapshot.speculation().acceptanceRate()).isEqualTo(1);
    }

    @Test
    void findsCachedTokensAsTheResponsesSaid() {
        assertThat(read("11a-prefix").metrics().cache().prefixHits())
                .isEqualTo(ledger("11a-prefix").client("usage_cached_tokens"));
    }

    @Test
    void splitsTwoDataParallelRanks() {
        VllmSnapshot load = read("07-dp2-load-2");
        assertThat(load.byRank()).containsOnlyKeys("0", "1");
        for (EngineMetrics rank : load.byRank().values()) {
            assertThat(rank.load().requestsRunning()).isEqualTo(2); // --max-num-seqs 2
            assertThat(rank.load().requestsWaiting()).isEqualTo(3);
            assertThat(rank.requests().succeeded()).isEqualTo(5);
            assertThat(rank.cache().kvBlocks()).isEqualTo(227);
            assertThat(rank.cache().kvCapacityTokens()).isEqualTo(29056);
        }
        assertThat(load.scheduler().waitingByReason()).hasToString("{capacity=6, deferred=0}");
        assertThat(load.byModel()).isEmpty();
        assertThat(load.header().startedAt()).isNull();
    }

    @Test
    void showsAdaptersByTheNewestSeries() {
        assertThat(read("06-fresh").metrics().adapters()).isEqualTo(new EngineMetrics.Adapters(null, null, null));
        EngineMetrics.Adapters runningA = new EngineMetrics.Adapters(1L, List.of("lora-a"), null);
        assertThat(read("06b-running-lora-a").metrics().adapters()).isEqualTo(runningA);
        // lora-b waits, and no page shows it before its first output.
        VllmSnapshot waiting = read("06c-a-running-b-waiting");
        assertThat(waiting.metrics().adapters()).isEqualTo(runningA);
        assertThat(waiting.metrics().load().requestsWaiting()).isEqualTo(1);
        assertThat(waiting.scheduler().waitingByReason()).hasToString("{capacity=0, deferred=1}");
        assertThat(waiting.metrics().models()).containsExactly(ModelInfo.named("tiny", null));
    }

    @Test
    void countsAPreemptionOnlyWhenTheRequestResumes() {
        VllmSnapshot load = read("10-load-10");
        assertThat(load.metrics().load().requestsRunning()).isZero();
        assertThat(load.metrics().load().requestsWaiting()).isEqualTo(3);
        assertThat(load.metrics().events().preemptions()).isZero();
        VllmSnapshot after = read("10-after");
        assertThat(after.metrics().events().preemptions()).isEqualTo(3);
        assertThat(distribution(after.scheduler().preemptionsPerRequest()).sum())
                .isEqualTo(3);
        assertThat(distribution(after.cache().residency().lifetimeSeconds()).count())
                .isEqualTo(12);
    }

    @Test
    void leavesOutTheSumsThatAPauseHasSpoiled() {
        VllmSnapshot paused = read("11d-pause-abort");
        assertThat(distribution(paused.metrics().latency().prefill()).sum()).isNull();
        assertThat(distribution(paused.metrics().latency().inference()).mean()).isNull();
        assertThat(sum(paused.metrics().latency().decode())).isLessThan(10);
        VllmSnapshot before = read("11a-prefix");
        assertThat(sum(before.metrics().latency().prefill())).isCloseTo(0.96332, within(1e-5));
    }

    @Test
    void countsEveryRequestThatAQueueLimitRefused() {
        // Two streaming calls ended with an error inside HTTP 200, two others with HTTP 503.
        assertThat(ledger("11d-pause-abort").refusals()).isEqualTo(4);
        assertThat(read("11d-pause-abort").scheduler().admissionRejections())
                .hasToString("{max_num_queued_reqs=4, max_num_queued_tokens=0}");
    }

    @Test
    void readsAModelNameWithEveryKindOfQuoting() {
        VllmSnapshot odd = read("12-nan-after");
        assertThat(odd.metrics().models()).containsExactly(ModelInfo.named("my \"quoted\" back\\slash ünï", null));
        assertThat(odd.request().corruptedTotal())
                .isEqualTo(ledger("12-nan-after").client("http_200_done"));
        assertThat(odd.header().unreadableLines()).isZero();
    }

    @Test
    void readsTheOldNameOfTheGapFromAPageThatHasBoth() {
        VllmSnapshot old = read("20-old-after");
        assertThat(Objects.requireNonNull(old.provenance().get("latency.inter_token_seconds"))
                        .family())
                .isEqualTo("vllm:inter_token_latency_seconds");
        assertThat(distribution(old.metrics().latency().interToken()).count()).isEqualTo(1416);
        assertThat(distribution(old.metrics().latency().perOutputToken()).count())
                .isEqualTo(17);
        assertThat(distribution(old.request().timePerOutputTokenSeconds()).count())
                .isEqualTo(17);
        assertThat(read("20-old-slash-openmetrics").metrics()).isEqualTo(old.metrics());
    }

    @Test
    void readsTheSameFromOpenMetricsAsFromText() {
        assertThat(read("09-slash-openmetrics").metrics())
                .isEqualTo(read("02-mixed").metrics());
        assertThat(read("05-quiet-2").metrics()).isEqualTo(read("05-quiet-1").metrics());
    }

    @Test
    void readsAnAnswerToAPartialQuestion() {
        VllmSnapshot part = read("09-slash-name-filter");
        assertThat(part.metrics().load())
                .isEqualTo(new EngineMetrics.Load(
                        ledger("09-slash-name-filter").inFlight(), null, null, null, null, null));
        assertThat(part.metrics().requests().succeeded()).isNull();
        assertThat(part.provenance()).containsOnlyKeys("load.requests_running", "models");
    }

    @Test
    void doesNotRecognizeAServerWithoutItsFamilies() {
        VllmBackend backend = new VllmBackend();
        assertThat(backend.recognizes(page("13-disable-log-stats").pageFor(backend)))
                .isFalse();
    }

    @Test
    void givesRatesBetweenTwoCaptures() {
        VllmSnapshot first = Readings.read(page("03-load-1"), Instant.parse("2026-11-22T04:57:00Z"));
        VllmSnapshot second = Readings.read(page("03-load-2"), Instant.parse("2026-11-22T04:57:02Z"));
        EngineRates rates = second.rates(first);
        assertThat(rates.restarted()).isFalse();
        assertThat(rates.generatedTokensPerSecond()).isEqualTo((568 - 494) / 2.0);
        assertThat(rates.promptTokensPerSecond()).isZero();
        assertThat(rates.requestsPerSecond()).isZero();
    }

    @Test
    void seesARestartByTheProcessesStart() {
        VllmSnapshot first = Readings.read(page("01-fresh-b"), Instant.parse("2026-11-22T04:57:00Z"));
        VllmSnapshot other = Readings.read(page("03t-timing"), Instant.parse("2026-11-22T04:57:02Z"));
        assertThat(other.rates(first).restarted()).isTrue();
        assertThat(other.rates(first).generatedTokensPerSecond()).isNull();
    }

    static Stream<Capture> captures() {
        return CAPTURES.stream();
    }

    private static Path folder() {
        return SharedFolder.live("vllm");
    }

    private static GoldenPage page(String name) {
        return GoldenPage.read(folder().resolve(name + ".prom"));
    }

    private static VllmSnapshot read(String name) {
        return Readings.read(page(name), capturedAt(name));
    }

    private static Instant capturedAt(String name) {
        String date = lines(name + ".headers")
                .filter(line -> line.startsWith("date: "))
                .findFirst()
                .orElseThrow();
        return ZonedDateTime.parse(date.substring("date: ".length()).strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant();
    }

    private static Stream<String> lines(String file) {
        try {
            return Files.readString(folder().resolve(file)).lines();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Ledger ledger(String name) {
        try {
            return new Ledger(
                    MAPPER.readTree(folder().resolve(name + ".truth.json").toFile()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Distribution distribution(@Nullable Distribution distribution) {
        return Objects.requireNonNull(distribution);
    }

    private static double sum(@Nullable Distribution distribution) {
        return Objects.requireNonNull(distribution(distribution).sum());
    }

    private static long number(@Nullable Long value) {
        return Objects.requireNonNull(value);
    }

    private static List<Capture> captures(String table) {
        return table.strip().lines().map(VllmLiveTest::capture).toList();
    }

    private static Capture capture(String line) {
        String[] cells = line.split("\\s*\\|\\s*", -1);
        return new Capture(
                cells[0],
                Long.parseLong(cells[1]),
                Long.parseLong(cells[2]),
                Long.parseLong(cells[3]),
                Long.parseLong(cells[4]),
                Long.parseLong(cells[5]),
                Long.parseLong(cells[6]),
                Integer.parseInt(cells[7]),
                Integer.parseInt(cells[8]),
                Double.parseDouble(cells[9]));
    }

    /** What the client had sent and counted. */
    private record Ledger(JsonNode json) {
        boolean isOld() {
            return json.path("version").asText().equals("0.11.0");
        }

        long client(String field) {
            return json.path("client").path(field).longValue();
        }

        long inFlight() {
            return client("inflight");
        }

        /** A choice, not a request, is what vLLM counts. */
        long answeredChoices() {
            return choicesBy("stop") + choicesBy("length");
        }

        long choicesBy(String reason) {
            return json.path("client")
                    .path("finish_reasons_of_choices")
                    .path(reason)
                    .longValue();
        }

        /** Of all aborts only those by a pause are counted. */
        long pauseAborts() {
            return requests()
                    .filter(request -> request.path("label").asText().equals("pause-abort"))
                    .count();
        }

        long refusals() {
            return requests()
                    .filter(request -> request.path("status").asInt() == 503
                            || (request.path("state").asText().equals("done")
                                    && request.path("finish").isEmpty()))
                    .count();
        }

        /** With n = 2 the prompt counts twice. */
        long promptTokens() {
            return counted()
                    .mapToLong(request -> request.path("prompt_tokens").longValue() * choicesAskedFor(request))
                    .sum();
        }

        long generatedTokens() {
            return counted()
                    .mapToLong(request -> request.path("completion_tokens").longValue())
                    .sum();
        }

        /** Those of requests in flight and of aborted ones too. */
        long receivedTokens() {
            return requests()
                    .mapToLong(request -> request.path("completion_tokens").longValue())
                    .sum();
        }

        /** Each choice has the request's time. */
        double endToEndSeconds() {
            return counted()
                    .mapToDouble(request -> request.path("e2e_s").doubleValue()
                            * request.path("finish").size())
                    .sum();
        }

        /** A batch of three prompts is three, n = 2 is one. */
        long prompts() {
            return counted()
                    .mapToLong(request -> request.path("finish").size() / choicesAskedFor(request))
                    .sum();
        }

        double sumOf(String field) {
            return requests()
                    .mapToDouble(request -> request.path(field).doubleValue())
                    .sum();
        }

        /** The requests that the engine counts as ended. */
        private Stream<JsonNode> counted() {
            return requests()
                    .filter(request -> request.path("state").asText().equals("done"))
                    .filter(request -> !request.path("label").asText().equals("server-abort"))
                    .filter(request -> request.path("finish").size() > 0);
        }

        private Stream<JsonNode> requests() {
            List<JsonNode> requests = new ArrayList<>();
            json.path("requests").forEach(requests::add);
            return requests.stream();
        }

        private static long choicesAskedFor(JsonNode request) {
            return request.path("n").asLong(1);
        }
    }
}
