package io.inferometer.backend.tgi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.ModelInfo;
import io.inferometer.snapshot.Provenance;
import io.inferometer.testkit.GoldenPage;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TgiBackendTest {
    private final TgiBackend backend = new TgiBackend();

    @Test
    void readsTheCommonWordsOfABusyServer() {
        EngineMetrics metrics = own("busy").metrics();
        assertThat(metrics.load()).isEqualTo(new EngineMetrics.Load(4L, 3L, null, 4L, 620L, null));
        assertThat(metrics.requests())
                .isEqualTo(new EngineMetrics.Requests(
                        null, 8L, 4L, 2L, Map.of("overloaded", 3L, "dropped", 2L, "validation", 1L)));
        assertThat(metrics.tokens()).isEqualTo(new EngineMetrics.Tokens(1700L, 360L, null));
        assertThat(metrics.speculation()).isEqualTo(new EngineMetrics.Speculation(null, null, 240L));
        assertThat(metrics.models()).containsExactly(ModelInfo.named("acme/tiny-7b", 4096L));
    }

    @Test
    void readsTheCommonDistributionsOfABusyServer() {
        EngineMetrics.Latency latency = own("busy").metrics().latency();
        requireHistogram(latency.endToEnd(), 8, 14.5);
        requireHistogram(latency.queue(), 8, 0.8);
        requireHistogram(latency.inference(), 8, 13.6925);
        requireHistogram(latency.perOutputToken(), 8, 0.4);
        assertThat(latency.timeToFirstToken()).isNull();
        assertThat(latency.interToken()).isNull();
        assertThat(latency.prefill()).isNull();
        assertThat(latency.decode()).isNull();
        EngineMetrics.Size size = own("busy").metrics().size();
        requireHistogram(size.promptTokens(), 17, 1700);
        requireHistogram(size.generatedTokens(), 8, 360);
        requireHistogram(size.maxNewTokens(), 17, 1700);
    }

    @Test
    void readsItsOwnWordsOfABusyServer() {
        TgiSnapshot busy = own("busy");
        assertThat(busy.request().successTotal()).isEqualTo(8);
        assertThat(busy.request().failureTotal()).isEqualTo(6);
        assertThat(busy.request().failureByErr()).isEqualTo(Map.of("overloaded", 3L, "dropped", 2L, "validation", 1L));
        assertThat(busy.request().requestCount()).isEqualTo(23);
        assertThat(busy.request().queueSize()).isEqualTo(3);
        requireHistogram(busy.request().validationDurationSeconds(), 8, 0.0075);
        assertThat(busy.generation().generatedTokensTotal()).isEqualTo(360);
        assertThat(busy.generation().batchCurrentSize()).isEqualTo(4);
        assertThat(busy.generation().batchCurrentMaxTokens()).isEqualTo(620);
        assertThat(busy.speculation().meanTokensPerStep()).isEqualTo(1.75);
        assertThat(busy.speculation().tokensLive()).isEqualTo(560);
    }

    @Test
    void readsTheCallsToTheModelByMethod() {
        TgiSnapshot.Batch batch = own("busy").batch();
        assertThat(batch.inferenceCount()).isEqualTo(Map.of("prefill", 12L, "decode", 80L));
        assertThat(batch.inferenceSuccess()).isEqualTo(Map.of("prefill", 11L, "decode", 79L));
        assertThat(batch.inferenceFailure()).isEqualTo(Map.of("decode", 1L));
        assertThat(batch.concatCount()).isEqualTo(Map.of("chunking", 5L, "backpressure", 1L));
        assertThat(batch.inferenceDurationSeconds()).containsOnlyKeys("prefill", "decode");
        requireHistogram(batch.inferenceDurationSeconds().get("prefill"), 11, 0.88);
        requireHistogram(batch.inferenceDurationSeconds().get("decode"), 79, 2.37);
        requireHistogram(batch.forwardDurationSeconds().get("decode"), 79, 2.2);
        requireHistogram(batch.decodeDurationSeconds().get("decode"), 79, 0.05);
        requireHistogram(batch.filterDurationSeconds().get("prefill"), 11, 0.0011);
        requireHistogram(batch.concatDurationSeconds(), 6, 0.006);
        requireHistogram(batch.nextSize(), 12, 15);
    }

    @Test
    void takesModelLimitsAndVersionFromInfo() {
        TgiSnapshot busy = own("busy");
        assertThat(busy.header().engineVersion()).isEqualTo("3.3.7");
        assertThat(busy.info())
                .isEqualTo(new TgiInfo(
                        "acme/tiny-7b",
                        "0123abc",
                        "text-generation",
                        null,
                        null,
                        128L,
                        2L,
                        4L,
                        4095L,
                        4096L,
                        null,
                        null,
                        null,
                        null,
                        2L,
                        4L,
                        "text-generation-router",
                        "3.3.7",
                        "89abcdef",
                        null));
    }

    @Test
    void knowsNothingOfAFreshServer() {
        TgiSnapshot fresh = own("fresh");
        assertThat(fresh.metrics())
                .isEqualTo(GoldenPage.of("none", "acme_up 1\n").readBy(backend).metrics());
        assertThat(fresh.metrics().load()).isEqualTo(new EngineMetrics.Load(null, null, null, null, null, null));
        assertThat(fresh.provenance()).isEmpty();
        assertThat(fresh.info()).isNull();
    }

    @Test
    void readsSummariesOfTheFirstReleases() {
        TgiSnapshot old = own("summaries-v0.4");
        Distribution queue = old.request().queueDurationSeconds();
        assertThat(queue).isNotNull();
        assertThat(queue.kind()).isEqualTo(Distribution.Kind.SUMMARY);
        assertThat(queue.quantile(0.99)).isEqualTo(0.04);
        assertThat(queue.mean()).isEqualTo(0.03);
        assertThat(old.metrics().tokens().generated()).isEqualTo(40);
        assertThat(old.batch().inferenceDurationSeconds().get("prefill").quantile(0.5))
                .isEqualTo(0.08);
        assertThat(old.batch().inferenceDurationSeconds().get("prefill").count())
                .isEqualTo(2);
    }

    @Test
    void readsTheNamesOfDocumentsAndTidyingProxies() {
        TgiSnapshot tidied = own("tidied-names");
        assertThat(tidied.request().successTotal()).isEqualTo(12);
        assertThat(tidied.request().failureTotal()).isEqualTo(2);
        assertThat(tidied.request().requestCount()).isEqualTo(14);
        assertThat(tidied.metrics().requests().failed()).isEqualTo(2);
        assertThat(tidied.metrics().requests().byReason()).isEmpty();
        requireValue(tidied.request().queueDurationSeconds(), 0.25);
        requireValue(tidied.generation().generatedTokens(), 75);
        assertThat(tidied.generation().generatedTokensTotal()).isEqualTo(900);
        assertThat(tidied.metrics().tokens().generated()).isEqualTo(900);
        requireValue(tidied.batch().forwardDurationSeconds().get("decode"), 0.03);
    }

    @Test
    void takesTheEnginesOwnNameBeforeADocuments() {
        TgiSnapshot both = read("tgi_request_queue_duration_seconds 9\ntgi_request_queue_duration 4\n");
        requireValue(both.request().queueDurationSeconds(), 4);
    }

    @Test
    void takesTheLiteralTokenCounterBeforeTheSum() {
        TgiSnapshot both = read("""
                tgi_request_generated_tokens_sum 70
                tgi_request_generated_tokens_count 2
                tgi_request_generated_tokens_total 71
                """);
        assertThat(both.metrics().tokens().generated()).isEqualTo(71);
        assertThat(both.generation().generatedTokensTotal()).isEqualTo(71);
        assertThat(both.metrics().size().generatedTokens()).isNotNull();
    }

    @Test
    void doesNotTakeAnAbortForAFailure() {
        TgiSnapshot aborted = read("tgi_request_failure{err=\"dropped\"} 8\n");
        assertThat(aborted.metrics().requests().aborted()).isEqualTo(8);
        assertThat(aborted.metrics().requests().failed()).isNull();
        assertThat(aborted.request().failureTotal()).isEqualTo(8);
    }

    @Test
    void doesNotTakeAFailureForAnAbort() {
        TgiSnapshot failed = read("tgi_request_failure{err=\"generation\"} 4\ntgi_request_failure{err=\"novel\"} 1\n");
        assertThat(failed.metrics().requests().failed()).isEqualTo(5);
        assertThat(failed.metrics().requests().aborted()).isNull();
        assertThat(failed.provenance().get("requests.failed"))
                .isEqualTo(new Provenance("tgi_request_failure", 2, null));
    }

    @Test
    void doesNotTakeHandlerEntriesForRequests() {
        TgiSnapshot counted = read("tgi_request_count 3\n");
        assertThat(counted.request().requestCount()).isEqualTo(3);
        assertThat(counted.metrics().requests().received()).isNull();
        assertThat(counted.provenance()).isEmpty();
    }

    @Test
    void saysWhatItsNumbersCount() {
        Map<String, Provenance> provenance = own("busy").provenance();
        assertThat(provenance)
                .containsEntry(
                        "tokens.prompt",
                        new Provenance(
                                "tgi_request_input_length", 1, "aborted, failed and re-queued requests included"))
                .containsEntry(
                        "tokens.generated",
                        new Provenance("tgi_request_generated_tokens", 1, "moves when a request succeeds"))
                .containsEntry(
                        "latency.per_output_token_seconds",
                        new Provenance(
                                "tgi_request_mean_time_per_token_duration",
                                1,
                                "prefill included: inference time / generated tokens of each request"))
                .containsEntry(
                        "speculation.accepted_tokens",
                        new Provenance(
                                "tgi_request_skipped_tokens",
                                1,
                                "sum of observations: tokens of each step but its first"))
                .containsEntry("models", new Provenance("/info model_id", 1, null));
    }

    @Test
    void leavesOutWhatASpeculationWithoutSumCannotSay() {
        TgiSnapshot.Speculation none =
                read("tgi_request_skipped_tokens_count 0\n").speculation();
        assertThat(none.meanTokensPerStep()).isNull();
        assertThat(none.tokensLive()).isNull();
        assertThat(none.skippedTokens()).isNotNull();
    }

    @Test
    void readsTheInfoOfOldReleases() {
        TgiInfo old = TgiInfo.read("""
                {"model_id":"m","model_dtype":"torch.float16","model_device_type":"cuda","max_input_length":1000,
                 "max_total_tokens":2000,"max_batch_total_tokens":16000,"max_waiting_tokens":20,"max_batch_size":null,
                 "waiting_served_ratio":1.2,"version":"1.4.5","nested":{"version":"no"},"list":[1,{"sha":"no"}]}
                """.getBytes(UTF_8));
        assertThat(old).isNotNull();
        assertThat(old.modelDtype()).isEqualTo("torch.float16");
        assertThat(old.modelDeviceType()).isEqualTo("cuda");
        assertThat(old.maxInputTokens()).isEqualTo(1000);
        assertThat(old.maxTotalTokens()).isEqualTo(2000);
        assertThat(old.maxBatchTotalTokens()).isEqualTo(16000);
        assertThat(old.maxWaitingTokens()).isEqualTo(20);
        assertThat(old.maxBatchSize()).isNull();
        assertThat(old.waitingServedRatio()).isEqualTo(1.2);
        assertThat(old.version()).isEqualTo("1.4.5");
        assertThat(old.sha()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"max_total_tokens":2000}                    | 2000
                    {"max_total_tokens":0}                       | 0
                    {"max_total_tokens":3000000000}              | 3000000000
                    {"max_total_tokens":-1}                      |
                    {"max_total_tokens":1.5}                     |
                    {"max_total_tokens":"2000"}                  |
                    {"max_total_tokens":null}                    |
                    {"max_total_tokens":[2000]}                  |
                    {"max_total_tokens":99999999999999999999}    |
                    {}                                           |
                    """)
    void readsAWholeNumberOfInfo(String json, Long limit) {
        TgiInfo info = TgiInfo.read(json.getBytes(UTF_8));
        assertThat(info).isNotNull();
        assertThat(info.maxTotalTokens()).isEqualTo(limit);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"waiting_served_ratio":0.3}    | 0.3
                    {"waiting_served_ratio":2}      | 2.0
                    {"waiting_served_ratio":1e999}  |
                    {"waiting_served_ratio":"0.3"}  |
                    """)
    void readsAFractionOfInfo(String json, Double ratio) {
        TgiInfo info = TgiInfo.read(json.getBytes(UTF_8));
        assertThat(info).isNotNull();
        assertThat(info.waitingServedRatio()).isEqualTo(ratio);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "\"info\"", "{\"model_id\":", "<html>", "null", "{\"model_id\":\"m\""})
    void doesWithoutAnInfoThatIsNone(String answer) {
        TgiSnapshot snapshot = GoldenPage.of("queue", "tgi_queue_size 1\n")
                .withAnswer("info", answer)
                .readBy(backend);
        assertThat(snapshot.info()).isNull();
        assertThat(snapshot.metrics().models()).isEmpty();
        assertThat(snapshot.header().engineVersion()).isNull();
        assertThat(snapshot.metrics().load().requestsWaiting()).isEqualTo(1);
    }

    @Test
    void namesNoModelWhenInfoDoesNot() {
        TgiSnapshot snapshot = GoldenPage.of("queue", "tgi_queue_size 1\n")
                .withAnswer("info", "{\"model_id\":\"\",\"max_total_tokens\":10}")
                .readBy(backend);
        assertThat(snapshot.metrics().models()).isEmpty();
        assertThat(snapshot.info()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"model_id":"m","max_total_tokens":10}                            | true
                    {"model_id":"m","router":"text-generation-router"}                | true
                    {"model_id":"m","max_input_length":512,"tokenization_workers":8}  | false
                    {"max_total_tokens":10}                                           | false
                    {"model_path":"m"}                                                | false
                    not json                                                          | false
                    """)
    void knowsItsOwnInfo(String json, boolean own) {
        assertThat(backend.recognizesJson(json.getBytes(UTF_8))).isEqualTo(own);
    }

    @Test
    void saysWhereItsMetricsAre() {
        assertThat(backend.remedyForMissingFamilies())
                .isEqualTo(
                        "TGI serves its metrics on its main port (--port, 80 in its image); --prometheus-port serves nothing.");
    }

    private TgiSnapshot read(String page) {
        return GoldenPage.of("page", page).readBy(backend);
    }

    private TgiSnapshot own(String name) {
        Path pages = Path.of("src/test/resources/pages/tgi");
        Path folder = pages.resolve(name);
        return GoldenPage.read(folder.toFile().isDirectory() ? folder : pages.resolve(name + ".prom"))
                .readBy(backend);
    }

    private static void requireHistogram(Distribution found, long count, double sum) {
        assertThat(found).isNotNull();
        assertThat(found.kind()).isEqualTo(Distribution.Kind.HISTOGRAM);
        assertThat(found.count()).isEqualTo(count);
        assertThat(found.sum()).isEqualTo(sum);
    }

    private static void requireValue(Distribution found, double mean) {
        assertThat(found).isNotNull();
        assertThat(found.kind()).isEqualTo(Distribution.Kind.VALUE);
        assertThat(found.mean()).isEqualTo(mean);
        assertThat(found.count()).isNull();
        assertThat(found.quantile(0.5)).isNull();
    }
}
