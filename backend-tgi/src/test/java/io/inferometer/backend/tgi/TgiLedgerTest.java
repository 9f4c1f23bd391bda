package io.inferometer.backend.tgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.testkit.GoldenPage;
import io.inferometer.testkit.SharedFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Captures of real routers against what their client, and the shard behind them, had counted until then.
 *
 * <p>What the ledger cannot know is in the columns, by what the step's note says was done: {@code more} successes of a
 * completions call with two prompts (one line in the ledger); {@code untold} tokens of answers without usage;
 * {@code entries} more or less, since that call entered three handlers, and a refused completions call one, a malformed
 * or ill-typed body none, and a chat without a (working) template one.
 */
class TgiLedgerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** How often each path enters a handler; a completions call of one prompt twice. */
    private static final Map<String, Integer> ENTRIES = Map.of(
            "/generate", 1,
            "/generate_stream", 1,
            "/", 1,
            "/invocations", 1,
            "/v1/chat/completions", 2,
            "/v1/completions", 2,
            "/chat_tokenize", 1,
            "/vertex", 3);

    /** How many generations a good answer of each path is; {@code /vertex} was asked for two. */
    private static final Map<String, Integer> GENERATIONS = Map.of(
            "/generate", 1,
            "/generate_stream", 1,
            "/", 1,
            "/invocations", 1,
            "/v1/chat/completions", 1,
            "/v1/completions", 1,
            "/chat_tokenize", 0,
            "/vertex", 2);

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    # step                  | more | untold | entries | validation | overloaded | generation | template
                    03-A-one-generate       | 0    | 0      | 0       | -          | -          | -          | -
                    04-A-one-chat-more      | 0    | 0      | 0       | -          | -          | -          | -
                    05-A-mixed              | 0    | 0      | 0       | -          | -          | -          | -
                    07-A-completions2       | 1    | 0      | 1       | -          | -          | -          | -
                    13-A-load1              | 1    | 8      | 1       | -          | -          | -          | -
                    16-A-load4              | 1    | 8      | 1       | -          | -          | -          | -
                    20-A-load-drained       | 1    | 8      | 1       | -          | -          | -          | -
                    21-A-abort-stream       | 1    | 8      | 1       | -          | -          | -          | -
                    27-A-val-toolong        | 1    | 8      | 1       | 1          | -          | -          | -
                    34-A-val-tools          | 1    | 8      | -2      | 7          | -          | -          | -
                    36-A-overload-during    | 1    | 8      | -2      | 7          | 6          | -          | -
                    39-A-shard-decode-fail  | 1    | 8      | -2      | 7          | 8          | 4          | -
                    43-A-quiet1             | 1    | 8      | -2      | 7          | 8          | 5          | -
                    44-A-quiet2             | 1    | 8      | -2      | 7          | 8          | 5          | -
                    62-B-spec2              | 0    | 0      | 0       | -          | -          | -          | -
                    71-B-over1024           | 0    | 0      | 0       | -          | -          | -          | -
                    91-D-base               | 0    | 0      | 0       | -          | -          | -          | -
                    93-D-tool-call          | 0    | 0      | -1      | -          | -          | -          | 1
                    99-E-no-template        | 0    | 0      | -1      | -          | -          | -          | -
                    105-F-v204-mixed        | 0    | 7      | 0       | -          | -          | -          | -
                    107-F-v204-load1        | 0    | 7      | 0       | -          | -          | -          | -
                    114-G-in-first-prefill  | 0    | 0      | 0       | -          | -          | -          | -
                    """)
    void countsWhatTheClientCounted(
            String step,
            long more,
            long untold,
            long entries,
            Long validation,
            Long overloaded,
            Long generation,
            Long template)
            throws IOException {
        JsonNode client = ledger(step).path("client");
        TgiSnapshot snapshot = capture(step);
        EngineMetrics metrics = snapshot.metrics();

        Long succeeded = orAbsent(sum(client, GENERATIONS, true) + more);
        assertThat(metrics.requests().succeeded()).isEqualTo(succeeded);
        assertThat(snapshot.request().successTotal()).isEqualTo(succeeded);
        assertThat(snapshot.request().requestCount())
                .isEqualTo(sum(client, ENTRIES, false) + inFlightEntries(client) + entries);

        Map<String, Long> reasons = new TreeMap<>();
        put("validation", validation, reasons);
        put("overloaded", overloaded, reasons);
        put("generation", generation, reasons);
        put("template", template, reasons);
        long failed = reasons.values().stream().mapToLong(Long::longValue).sum();
        assertThat(metrics.requests().failed()).isEqualTo(orAbsent(failed));
        Long aborted =
                orAbsent(client.path("finished_by_outcome").path("client_abort").asLong());
        assertThat(metrics.requests().aborted()).isEqualTo(aborted);
        put("dropped", aborted, reasons);
        assertThat(metrics.requests().byReason()).isEqualTo(reasons);
        assertThat(snapshot.request().failureByErr()).isEqualTo(reasons);
        assertThat(metrics.requests().received()).isNull();

        assertThat(metrics.tokens().generated())
                .isEqualTo(orAbsent(client.path("ok_generated_tokens").asLong() + untold));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "03-A-one-generate",
                "04-A-one-chat-more",
                "05-A-mixed",
                "07-A-completions2",
                "62-B-spec2",
                "91-D-base",
                "93-D-tool-call"
            })
    void countsThePromptTokensThatTheClientSent(String step) throws IOException {
        JsonNode client = ledger(step).path("client");
        assertThat(capture(step).metrics().tokens().prompt())
                .isEqualTo(client.path("ok_prompt_tokens").asLong());
    }

    @ParameterizedTest
    @ValueSource(strings = {"13-A-load1", "21-A-abort-stream", "36-A-overload-during", "71-B-over1024"})
    void countsThePromptTokensOfRequestsThatDidNotSucceedToo(String step) throws IOException {
        JsonNode client = ledger(step).path("client");
        assertThat(capture(step).metrics().tokens().prompt())
                .isGreaterThan(client.path("ok_prompt_tokens").asLong());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "03-A-one-generate",
                "13-A-load1",
                "16-A-load4",
                "20-A-load-drained",
                "21-A-abort-stream",
                "36-A-overload-during",
                "39-A-shard-decode-fail",
                "71-B-over1024",
                "105-F-v204-mixed",
                "107-F-v204-load1"
            })
    void holdsInFlightWhatTheClientHad(String step) throws IOException {
        EngineMetrics.Load load = capture(step).metrics().load();
        assertThat(load.requestsRunning() + load.requestsWaiting())
                .isEqualTo(ledger(step).path("client").path("in_flight").size());
        assertThat(load.batchSize()).isEqualTo(load.requestsRunning());
    }

    @Test
    void doesNotShowARequestInItsFirstPrefill() throws IOException {
        assertThat(ledger("114-G-in-first-prefill")
                        .path("client")
                        .path("in_flight")
                        .size())
                .isEqualTo(1);
        TgiSnapshot snapshot = capture("114-G-in-first-prefill");
        assertThat(snapshot.metrics().load().requestsRunning()).isNull();
        assertThat(snapshot.metrics().load().requestsWaiting()).isZero();
        assertThat(snapshot.batch().inferenceCount()).isEqualTo(Map.of("prefill", 1L));
        assertThat(snapshot.batch().inferenceSuccess()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "03-A-one-generate",
                "04-A-one-chat-more",
                "05-A-mixed",
                "07-A-completions2",
                "13-A-load1",
                "20-A-load-drained",
                "43-A-quiet1",
                "71-B-over1024",
                "91-D-base",
                "93-D-tool-call",
                "105-F-v204-mixed"
            })
    void tookAsLongAsTheClientSaw(String step) throws IOException {
        double seen = ledger(step).path("client").path("ok_latency_sum_s").asDouble();
        TgiSnapshot.Request request = capture(step).request();
        assertThat(request.requestDurationSeconds().sum()).isCloseTo(seen, withPercentage(5));
        assertThat(request.requestDurationSeconds().count()).isEqualTo(request.successTotal());
        double parts = request.validationDurationSeconds().sum()
                + request.queueDurationSeconds().sum()
                + request.inferenceDurationSeconds().sum();
        assertThat(request.requestDurationSeconds().sum()).isCloseTo(parts, within(0.001));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "03-A-one-generate",
                "05-A-mixed",
                "13-A-load1",
                "21-A-abort-stream",
                "39-A-shard-decode-fail",
                "62-B-spec2",
                "71-B-over1024",
                "105-F-v204-mixed",
                "107-F-v204-load1"
            })
    void madeTheTokensThatTheShardMade(String step) throws IOException {
        JsonNode before = ledger(step).path("shard_before");
        JsonNode after = ledger(step).path("shard_after");
        TgiSnapshot snapshot = capture(step);
        Long aborted = snapshot.metrics().requests().aborted();
        long lost = aborted == null ? 0 : aborted; // A token at most of each request that its client left.
        assertThat(snapshot.speculation().tokensLive())
                .isBetween(
                        before.path("tokens_emitted").asLong() - lost,
                        after.path("tokens_emitted").asLong());
        assertThat(snapshot.metrics().speculation().acceptedTokens())
                .isEqualTo(after.path("tokens_emitted").asLong()
                        - after.path("generations_emitted").asLong());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"03-A-one-generate", "13-A-load1", "39-A-shard-decode-fail", "43-A-quiet1", "71-B-over1024"})
    void calledTheModelAsOftenAsTheShardWasCalled(String step) throws IOException {
        JsonNode before = ledger(step).path("shard_before");
        JsonNode after = ledger(step).path("shard_after");
        TgiSnapshot.Batch batch = capture(step).batch();
        for (String method : new String[] {"prefill", "decode"}) {
            assertThat(batch.inferenceCount().get(method))
                    .isBetween(
                            before.path(method + "_calls").asLong(),
                            after.path(method + "_calls").asLong());
            assertThat(batch.inferenceSuccess().get(method))
                    .isBetween(
                            before.path(method + "_ok").asLong(),
                            after.path(method + "_ok").asLong());
            assertThat(batch.inferenceFailure().getOrDefault(method, 0L))
                    .isEqualTo(after.path(method + "_fail").asLong());
        }
        long sizes = 0;
        for (JsonNode size : after.path("prefill_batch_sizes")) {
            sizes += size.asLong();
        }
        assertThat(batch.nextSize().count())
                .isEqualTo(after.path("prefill_batch_sizes").size());
        assertThat(batch.nextSize().sum()).isEqualTo((double) sizes);
        assertThat(batch.concatCount().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(after.path("concat_calls").asLong());
    }

    @Test
    void saysNothingBeforeTheFirstRequest() {
        TgiSnapshot fresh = capture("01-A-fresh");
        assertThat(fresh.provenance()).isEmpty();
        assertThat(fresh.request().requestCount()).isNull();
        assertThat(fresh.metrics().load().requestsRunning()).isNull();
    }

    @Test
    void saysTheSameOfTwoQuietMomentsWhateverTheOrderOfTheirLines() {
        TgiSnapshot first = capture("43-A-quiet1");
        TgiSnapshot second = capture("44-A-quiet2");
        assertThat(second.metrics()).isEqualTo(first.metrics());
        assertThat(second.request()).isEqualTo(first.request());
        assertThat(second.batch()).isEqualTo(first.batch());
    }

    private static long sum(JsonNode client, Map<String, Integer> weights, boolean onlyGood) {
        long sum = 0;
        for (Map.Entry<String, JsonNode> line :
                client.path("finished_by_endpoint_outcome").properties()) {
            String path = line.getKey().split(" ", 2)[0];
            if (!onlyGood || line.getKey().endsWith("-> ok")) {
                sum += weights.get(path) * line.getValue().asLong();
            }
        }
        return sum;
    }

    private static long inFlightEntries(JsonNode client) {
        long sum = 0;
        for (JsonNode request : client.path("in_flight")) {
            sum += ENTRIES.get(request.path("endpoint").asText());
        }
        return sum;
    }

    /** What has not happened yet has no series. */
    private static Long orAbsent(long count) {
        return count == 0 ? null : (Long) count;
    }

    private static void put(String reason, Long count, Map<String, Long> reasons) {
        if (count != null) {
            reasons.put(reason, count);
        }
    }

    private static TgiSnapshot capture(String step) {
        Path page = SharedFolder.live("tgi").resolve(step + ".prom");
        return GoldenPage.read(page).readBy(new TgiBackend());
    }

    private static JsonNode ledger(String step) throws IOException {
        return JSON.readTree(
                SharedFolder.live("tgi").resolve(step + ".truth.json").toFile());
    }
}
