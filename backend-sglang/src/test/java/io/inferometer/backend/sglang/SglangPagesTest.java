package io.inferometer.backend.sglang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.ModelInfo;
import io.inferometer.testkit.GoldenPage;
import io.inferometer.testkit.SharedFolder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Pages of real servers and of documents, against the values that a person reads off them. */
class SglangPagesTest {
    private static final String LLAMA = "meta-llama/Llama-3.1-8B-Instruct";

    @Test
    void readsThePageOfTheDocuments() {
        SglangSnapshot page = read("docs-v0.5.18");
        EngineMetrics metrics = page.metrics();

        assertThat(metrics.load().requestsRunning()).isEqualTo(162);
        assertThat(metrics.load().requestsWaiting()).isEqualTo(2826);
        assertThat(metrics.tokens()).isEqualTo(new EngineMetrics.Tokens(8_128_902L, 7_557_572L, null));
        assertThat(metrics.cache()).isEqualTo(new EngineMetrics.Cache(0.28, null, null, null, null, null, null));
        assertThat(metrics.requests()).isEqualTo(new EngineMetrics.Requests(null, null, null, null, Map.of()));
        assertCountAndSum(metrics.latency().timeToFirstToken(), 11_008, 2351897.9474117756);
        assertCountAndSum(metrics.latency().endToEnd(), 11_228, 3116093.850019932);
        assertCountAndSum(metrics.latency().perOutputToken(), 7_400_757, 866964.5791549598);
        assertThat(metrics.latency().interToken()).isNull();
        assertThat(metrics.models()).containsExactly(ModelInfo.named(LLAMA, null));
        assertThat(page.byModel()).isEmpty();

        assertThat(page.request().successTotal()).isNull();
        assertCountAndSum(page.request().timePerOutputTokenSeconds(), 7_400_757, 866964.5791549598);
        assertThat(page.cache().cacheHitRate()).isNull();
        assertThat(page.system().throughputTokensPerSecond()).isEqualTo(86.50814177726902);
        assertThat(page.kvPool().usedTokens()).isEqualTo(123_859);
        assertThat(page.speculation().numSteps()).isEqualTo(3);
        assertThat(page.speculation().numDraftTokens()).isEqualTo(4);
        assertThat(page.provenance().get("cache.kv_usage").note())
                .isEqualTo("rounded to two decimals by SGLang since 0.5.12");
    }

    @Test
    void readsTheNamesOfADevelopmentBuild() {
        SglangSnapshot page = read("docs-v0.3.5-prerelease-names");
        EngineMetrics metrics = page.metrics();

        assertThat(metrics.load().requestsRunning()).isZero();
        assertThat(metrics.load().requestsWaiting()).isZero();
        assertThat(metrics.tokens()).isEqualTo(new EngineMetrics.Tokens(506_780L, 424_549L, null));
        assertThat(metrics.cache()).isEqualTo(new EngineMetrics.Cache(0.01, null, null, 161_721L, null, null, null));
        assertCountAndSum(metrics.latency().timeToFirstToken(), 2124, 656.0780844688416);
        assertCountAndSum(metrics.latency().perOutputToken(), 422_425, 29846.5393948555);
        assertCountAndSum(metrics.latency().endToEnd(), 2104, 70517.99934530258);
        assertCountAndSum(metrics.latency().queue(), 2104, 24885.007263183594);
        assertCountAndSum(metrics.size().promptTokens(), 2104, 500_552);
        assertCountAndSum(metrics.size().generatedTokens(), 2104, 424_529);
        assertThat(metrics.models()).containsExactly(ModelInfo.named("google/gemma-2-9b-it", 8192L));

        assertThat(page.cache().cacheHitRate()).isNull(); // The page says 10.61, a gauge and in percent.
        assertThat(page.system().maxRunningRequests()).isEqualTo(4097);
        assertThat(page.system().maxPrefillTokens()).isEqualTo(16_384);
        assertThat(page.system().throughputTokensPerSecond()).isZero();
    }

    @Test
    void readsAWorkerOfDynamoWithTheFamiliesOfBoth() {
        SglangSnapshot page = read("dynamo-worker-2026-01");
        EngineMetrics metrics = page.metrics();

        assertThat(metrics.load().requestsRunning()).isZero();
        assertThat(metrics.load().requestsWaiting()).isZero();
        assertThat(metrics.tokens()).isEqualTo(new EngineMetrics.Tokens(33L, 300L, null));
        assertThat(metrics.cache()).isEqualTo(new EngineMetrics.Cache(0.0, null, null, 92_962L, null, null, null));
        assertCountAndSum(metrics.latency().timeToFirstToken(), 1, 1.5573770999908447);
        assertCountAndSum(metrics.latency().interToken(), 299, 0.6138594150543213);
        assertCountAndSum(metrics.latency().endToEnd(), 1, 2.171226978302002);
        assertCountAndSum(metrics.latency().queue(), 1, 0.0018392642959952354);
        assertThat(metrics.latency().prefill()).isNull(); // Only the stage prefill_waiting is there.
        assertThat(metrics.events().preemptions()).isNull();
        assertThat(metrics.models()).containsExactly(ModelInfo.named("Qwen/Qwen3-0.6B", null));

        assertThat(page.request().successTotal()).isEqualTo(1);
        assertThat(page.request().failureTotal()).isNull();
        assertThat(page.stageLatency().byStage()).containsOnlyKeys("prefill_waiting");
        assertThat(page.tokens().realtimeByMode())
                .isEqualTo(Map.of("prefill_compute", 33L, "prefill_cache", 0L, "decode", 300L));
        assertThat(page.scheduler().graphPassesByMode()).isEqualTo(Map.of("decode_cuda_graph", 300L));
        assertThat(page.retraction().requestsInLastReport()).isZero();
        assertThat(page.retraction().paused()).isZero();
        assertCountAndSum(page.retraction().perRequest(), 1, 0);
        assertThat(page.queues()).isEqualTo(new SglangSnapshot.Queues(0L, 0L, 0L, 0L, 0L, null, null, 0L, null));
        assertThat(page.disaggregation().transferLatencyMs()).isEqualTo(Distribution.ofValue(0));
        assertThat(page.startup().engineSeconds()).isZero();
        assertThat(page.system().newTokenRatio()).isEqualTo(0.7);
        assertThat(page.system().usesDeviceGraph()).isFalse();
        assertThat(page.system().decodeSequenceTokens()).isEqualTo(313);
        assertThat(page.speculation().acceptRate()).isZero();
    }

    @Test
    void sumsTheWorkersBehindAGateway() {
        SglangSnapshot page = read("gateway-engine_metrics-expected");
        EngineMetrics metrics = page.metrics();

        assertThat(metrics.load().requestsRunning()).isEqualTo(324); // 2 * 162
        assertThat(metrics.load().requestsWaiting()).isEqualTo(5652); // 2 * 2826
        assertThat(metrics.tokens().prompt()).isEqualTo(16_257_804); // 2 * 8128902
        assertThat(metrics.tokens().generated()).isEqualTo(15_115_144); // 2 * 7557572
        assertThat(metrics.cache().kvUsage()).isEqualTo(0.28);
        assertCountAndSum(metrics.latency().timeToFirstToken(), 22_016, 2 * 2351897.9474117756);
        assertCountAndSum(metrics.latency().perOutputToken(), 14_801_514, 2 * 866964.5791549598);
        assertCountAndSum(metrics.latency().endToEnd(), 22_456, 2 * 3116093.850019932);
        assertThat(page.system().throughputTokensPerSecond()).isEqualTo(2 * 86.50814177726902);
        assertThat(page.kvPool().usedTokens()).isEqualTo(247_718); // 2 * 123859
        assertThat(metrics.models()).containsExactly(ModelInfo.named(LLAMA, null));
        assertThat(page.provenance().get("load.requests_running").family()).isEqualTo("sglang_num_running_reqs");
        assertThat(page.provenance().get("load.requests_running").series()).isEqualTo(2);
    }

    @Test
    void readsTheExcerptOfAGatewayWithUnderscores() {
        SglangSnapshot page = read("smg-underscore-excerpt");

        assertThat(page.metrics().load()).isEqualTo(new EngineMetrics.Load(null, null, null, null, null, null));
        assertThat(page.tokens().realtimeByMode()).isEqualTo(Map.of("prefill_compute", 55L));
        assertThat(page.scheduler().graphPassesByMode()).isEqualTo(Map.of("decode_cuda_graph", 311L));
        assertThat(page.queues().prefillBootstrap()).isZero();
        assertThat(page.cache().cacheHitRate()).isNull(); // The gauge says 0, of the last batch.
    }

    @Test
    void readsEveryRankOfDataParallelAttention() {
        SglangSnapshot page = read("dp8-excerpt");

        assertThat(page.retraction().requestsInLastReport()).isZero();
        assertThat(page.retraction().paused()).isZero();
        assertThat(page.byRank()).containsOnlyKeys("0", "1", "2", "3", "4", "5", "6", "7");
        assertThat(page.metrics().events().preemptions()).isNull();
        assertThat(page.provenance().get("events.preemptions").series()).isEqualTo(4);
        assertThat(page.metrics().load().requestsRunning()).isNull();
    }

    @Test
    void takesTheTotalOfPrioritiesAndNotTheirSum() {
        SglangSnapshot page = read("v0.5.18-GENERATED");
        EngineMetrics metrics = page.metrics();

        assertThat(metrics.load().requestsRunning()).isEqualTo(3);
        assertThat(metrics.load().requestsWaiting()).isEqualTo(1);
        assertThat(metrics.requests().aborted()).isEqualTo(1);
        assertThat(metrics.requests().succeeded()).isNull();
        assertThat(metrics.tokens().prompt()).isEqualTo(12_347_726); // 12345678 + 2048
        assertThat(metrics.tokens().cachedPrompt()).isEqualTo(4224); // 4096 + 128
        assertThat(metrics.cache().kvUsage()).isEqualTo(0.28);
        assertThat(metrics.cache().prefixHits()).isEqualTo(4224);
        assertThat(metrics.cache().prefixQueries()).isEqualTo(12_347_726);
        assertThat(metrics.cache().hitRate()).isEqualTo(3.4208e-4, within(1e-8)); // 4224 / 12347726
        assertCountAndSum(metrics.latency().timeToFirstToken(), 5, 2.64); // 1.44 + 1.2
        assertThat(metrics.latency().timeToFirstToken().quantile(0.5))
                .isEqualTo(0.3, within(1e-9)); // 0.2 + 0.2 * (2.5 - 2) / 1

        assertThat(page.request().successTotal()).isEqualTo(41); // 40 + 2 - 1
        assertThat(page.request().failureTotal()).isEqualTo(1);
        assertThat(page.cache().cachedTokensBySource()).isEqualTo(Map.of("device", 4096L, "storage_mooncake", 128L));
        assertThat(page.system().forwardOccupancy()).isNull(); // NaN
        assertThat(page.system().utilization()).isEqualTo(-1.0);
        assertThat(page.system().maxRunningRequestsUnderSlo()).isZero();
        assertThat(page.routing().keysByRunningRequests()).hasSize(11).containsEntry("+Inf", 0L);
        Distribution balancedness = page.scheduler().expertBalancednessByMode().get("decode");
        assertCountAndSum(balancedness, 2, 1.84);
        assertThat(balancedness.mean()).isEqualTo(0.92);
    }

    @Test
    void knowsEveryPageOfTheFolder() {
        List<String> names = GoldenPage.inFolder(SharedFolder.pages("sglang"))
                .map(GoldenPage::name)
                .toList();
        assertThat(names)
                .containsExactlyInAnyOrder(
                        "docs-v0.3.5-prerelease-names",
                        "docs-v0.5.18",
                        "dp8-excerpt",
                        "dynamo-worker-2026-01",
                        "gateway-engine_metrics-expected",
                        "smg-underscore-excerpt",
                        "v0.5.18-GENERATED");
    }

    private static SglangSnapshot read(String name) {
        return GoldenPage.read(SharedFolder.pages("sglang").resolve(name + ".prom"))
                .readBy(new SglangBackend());
    }

    private static void assertCountAndSum(Distribution distribution, long count, double sum) {
        assertThat(distribution).isNotNull();
        assertThat(distribution.count()).isEqualTo(count);
        assertThat(distribution.sum()).isEqualTo(sum, within(Math.abs(sum) * 1e-12));
    }
}
