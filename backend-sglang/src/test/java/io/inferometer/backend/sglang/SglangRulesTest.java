package io.inferometer.backend.sglang;

import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.ModelInfo;
import io.inferometer.snapshot.Provenance;
import io.inferometer.spi.CommonField;
import io.inferometer.testkit.GoldenPage;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule of its own, on a few lines. */
class SglangRulesTest {
    private static final String RANK = "engine_type=\"unified\",model_name=\"m\",pp_rank=\"0\",tp_rank=\"0\"";
    private static final String CLIENT = "engine_type=\"unified\",model_name=\"m\"";

    @ParameterizedTest
    @ValueSource(strings = {"sglang:", "sglang_", "ray_sglang_", "ray_sglang:"})
    void readsEveryPrefix(String prefix) {
        SglangSnapshot page = read(prefix + "num_running_reqs{" + RANK + "} 3\n");
        assertThat(page.metrics().load().requestsRunning()).isEqualTo(3);
        assertThat(page.provenance().get("load.requests_running"))
                .isEqualTo(new Provenance(prefix + "num_running_reqs", 1, null));
    }

    @ParameterizedTest
    @CsvSource({
        "'tp_rank=\"0\",pp_rank=\"0\"', 5",
        "'tp_rank=\"\",pp_rank=\"\"', 5",
        "'x=\"y\"', 5",
        "'tp_rank=\"1\",pp_rank=\"0\"',", // Another node of the same server: it repeats the first one's requests.
        "'tp_rank=\"0\",pp_rank=\"1\"',",
        "'tp_rank=\"x\",pp_rank=\"0\"',",
        "'tp_rank=\"4\",pp_rank=\"0\",dp_rank=\"2\"', 5", // Data-parallel attention deals the ranks out.
        "'tp_rank=\"4\",pp_rank=\"1\",dp_rank=\"2\"',"
    })
    void countsTheFirstRankOfAServer(String labels, Long running) {
        SglangSnapshot page = read("sglang:num_running_reqs{" + labels + "} 5\n");
        assertThat(page.metrics().load().requestsRunning()).isEqualTo(running);
    }

    @Test
    void countsTheLowestTensorRankOfEachDataParallelRank() {
        SglangSnapshot page = resource("dp-attention");
        assertThat(page.metrics().load().requestsRunning()).isEqualTo(6); // 2 + 4
        assertThat(page.metrics().load().requestsWaiting()).isEqualTo(1);
        assertThat(page.metrics().cache().kvUsage()).isEqualTo(2050.0 / 4096);
        assertThat(page.meanKvUsage()).isEqualTo((2050.0 / 4096 + 410.0 / 4096) / 2);
        assertThat(page.metrics().cache().kvCapacityTokens()).isEqualTo(8192);
        assertThat(page.metrics().cache().kvBlockSize()).isEqualTo(1);
        assertThat(page.byRank()).containsOnlyKeys("0", "1");
        assertThat(page.byRank().get("1").load().requestsRunning()).isEqualTo(4);
        assertThat(page.byRank().get("1").tokens().prompt()).isNull(); // The tokenizer names no rank.
        assertThat(page.tokens().prefillEffectiveByMode()).isEqualTo(Map.of("input", 120L, "device_hit", 40L));
    }

    @Test
    void countsTheWorkersOfAGatewayApart() {
        SglangSnapshot page = read("""
                sglang_num_running_reqs{dp_rank="0",tp_rank="0",worker_addr="a"} 1
                sglang_num_running_reqs{dp_rank="0",tp_rank="2",worker_addr="b"} 2
                sglang_num_running_reqs{dp_rank="0",tp_rank="3",worker_addr="b"} 2
                """);
        assertThat(page.metrics().load().requestsRunning()).isEqualTo(3);
    }

    @Test
    void takesTheTotalOfPriorities() {
        SglangSnapshot page = resource("priority");
        assertThat(page.metrics().load().requestsRunning()).isEqualTo(3);
        assertThat(page.metrics().load().requestsWaiting()).isEqualTo(5);
        assertThat(page.metrics().cache().kvUsage()).isEqualTo(0.125); // 128 / 1024
        assertThat(page.request().numRequestsTotal()).isEqualTo(7); // 3 + 4: parts.
        assertThat(page.metrics().tokens().prompt()).isEqualTo(70);
    }

    @Test
    void neverAddsTheTotalOfCachedTokensToItsParts() {
        SglangSnapshot page = resource("priority");
        // Priority 0 has parts beside the total, priority -1 has nothing else.
        assertThat(page.metrics().tokens().cachedPrompt()).isEqualTo(7); // 5 + 2
        assertThat(page.cache().prefixCacheHitTotal()).isEqualTo(7);
        assertThat(page.provenance().get("tokens.cached_prompt"))
                .isEqualTo(new Provenance(
                        "sglang:cached_tokens_total", 2, "cache_source=\"total\" left out beside its parts"));
    }

    @Test
    void requestsInOtherQueuesWaitToo() {
        SglangSnapshot page = resource("decode-node");
        assertThat(page.metrics().load().requestsWaiting()).isEqualTo(8); // 0 + 6 + 2
        assertThat(page.system().numRequestsWaiting()).isZero();
        assertThat(page.queues().decodePrealloc()).isEqualTo(6);
        assertThat(page.queues().decodeTransfer()).isEqualTo(2);
        assertThat(page.queues().grammar()).isNull();
    }

    @Test
    void pagesStoodInTheLabelsOfCacheConfigInfo() {
        EngineMetrics.Cache cache = resource("decode-node").metrics().cache();
        assertThat(cache.kvBlockSize()).isEqualTo(64);
        assertThat(cache.kvBlocks()).isEqualTo(2048);

        EngineMetrics.Cache twoRanks = read("""
                        sglang:cache_config_info{dp_rank="0",num_pages="100",page_size="16"} 1
                        sglang:cache_config_info{dp_rank="1",num_pages="100",page_size="16"} 1
                        """).metrics().cache();
        assertThat(twoRanks.kvBlockSize()).isEqualTo(16);
        assertThat(twoRanks.kvBlocks()).isEqualTo(200);

        EngineMetrics.Cache odd = read("sglang:cache_config_info{num_pages=\"None\"} 1\n")
                .metrics()
                .cache();
        assertThat(odd.kvBlockSize()).isNull();
        assertThat(odd.kvBlocks()).isNull();
        EngineMetrics.Cache both = read("""
                        sglang:cache_config_info{num_pages="100",page_size="16"} 1
                        sglang:page_size{} 32
                        sglang:num_pages{} 50
                        """).metrics().cache();
        assertThat(both.kvBlockSize()).isEqualTo(32);
        assertThat(both.kvBlocks()).isEqualTo(50);
    }

    @Test
    void kvUsageIsTheExactOneWhereThereIsOne() {
        String tokens = "sglang:num_used_tokens 256\nsglang:max_total_num_tokens 1024\nsglang:token_usage 0.3\n";
        assertThat(kvUsage("sglang:full_token_usage 0.2501\n" + tokens)).isEqualTo(0.2501);
        assertThat(kvUsage(tokens)).isEqualTo(0.25);
        assertThat(kvUsage("sglang:num_used_tokens 256\nsglang:token_usage 0.3\n"))
                .isEqualTo(0.3);
        assertThat(kvUsage("sglang:num_used_tokens 256\nsglang:max_total_num_tokens 0\nsglang:token_usage 0.3\n"))
                .isEqualTo(0.3);
        assertThat(kvUsage("sglang:num_running_reqs 1\n")).isNull();
    }

    @Test
    void kvUsageOutOfRangeIsAbsent() {
        SglangSnapshot page = read("sglang:token_usage 28.0\n");
        assertThat(page.metrics().cache().kvUsage()).isNull();
        assertThat(page.kvPool().tokenUsage()).isEqualTo(28.0);
        assertThat(page.provenance().get("cache.kv_usage").note()).endsWith("out of range 0..1");
    }

    @Test
    void theHitRateIsNeverTheGauge() {
        SglangSnapshot page =
                read("sglang:cache_hit_rate 0.9\nsglang:cached_tokens_total 25\nsglang:prompt_tokens_total 100\n");
        assertThat(page.metrics().cache().hitRate()).isEqualTo(0.25);
        assertThat(page.cache().cacheHitRate()).isEqualTo(0.25);
        assertThat(page.provenance().get("cache.hit_rate"))
                .isEqualTo(new Provenance("sglang:cached_tokens_total / sglang:prompt_tokens_total", 2, null));

        assertThat(read("sglang:cache_hit_rate 0.9\n").cache().cacheHitRate()).isNull();
    }

    @Test
    void theHitRateOfNothingIsAbsent() {
        SglangSnapshot page = read("sglang:cached_tokens_total 0\nsglang:prompt_tokens_total 0\n");
        assertThat(page.metrics().cache().prefixHits()).isZero();
        assertThat(page.metrics().cache().prefixQueries()).isZero();
        assertThat(page.metrics().cache().hitRate()).isNull();
    }

    @Test
    void withoutCachedTokensTheHitsArePrefills() {
        SglangSnapshot page = read("""
                sglang:prefill_effective_tokens_total{mode="input"} 60
                sglang:prefill_effective_tokens_total{mode="device_hit"} 30
                sglang:prefill_effective_tokens_total{mode="host_hit"} 10
                sglang:prompt_tokens_total 500
                """);
        assertThat(page.metrics().tokens().cachedPrompt()).isNull();
        assertThat(page.cache().prefixCacheHitTotal()).isNull();
        assertThat(page.metrics().cache().prefixHits()).isEqualTo(40);
        assertThat(page.metrics().cache().prefixQueries()).isEqualTo(100);
        assertThat(page.metrics().cache().hitRate()).isEqualTo(0.4);
    }

    @Test
    void whatHasNotAppearedYetIsAbsent() {
        SglangSnapshot page = read("sglang:num_requests_total 4\nsglang:prompt_tokens_total 10\n");
        assertThat(page.metrics().requests().aborted()).isNull();
        assertThat(page.metrics().tokens().cachedPrompt()).isNull();
        assertThat(page.metrics().cache().prefixQueries()).isNull();
        assertThat(page.request().failureTotal()).isNull();
        assertThat(page.request().successTotal()).isEqualTo(4);
    }

    @Test
    void successIsUnknownWhereTheAbortedAreNotANumber() {
        SglangSnapshot page = read("sglang:num_requests_total 4\nsglang:num_aborted_requests_total NaN\n");
        assertThat(page.request().successTotal()).isNull();
        assertThat(page.metrics().requests().aborted()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"10, 3, 7", "3, 3, 0", "2, 3,"})
    void successIsRequestsLessAborted(int requests, int aborted, Long success) {
        SglangSnapshot page = read("sglang:num_requests_total{" + CLIENT + "} " + requests
                + "\nsglang:num_aborted_requests_total{" + CLIENT + "} " + aborted + "\n");
        assertThat(page.request().successTotal()).isEqualTo(success);
        assertThat(page.request().failureTotal()).isEqualTo(aborted);
        assertThat(page.metrics().requests().aborted()).isEqualTo(aborted);
        assertThat(page.metrics().requests().succeeded()).isNull();
        assertThat(page.metrics().requests().failed()).isNull();
        assertThat(page.metrics().requests().received()).isNull();
    }

    @Test
    void preemptionsAreRetractionsCounted() {
        assertThat(preemptions("sglang:num_retracted_requests_total 4\nsglang:num_retracted_reqs 1\n"))
                .isEqualTo(4);
        assertThat(preemptions("sglang:total_retracted_reqs 6\n")).isEqualTo(6);

        SglangSnapshot gauge = read("sglang:num_retracted_reqs{pid=\"1\"} 2\nsglang:num_retracted_reqs{pid=\"2\"} 1\n");
        assertThat(gauge.metrics().events().preemptions()).isNull();
        assertThat(gauge.retraction().requestsInLastReport()).isEqualTo(3);
        assertThat(gauge.provenance().get("events.preemptions"))
                .isEqualTo(
                        new Provenance("sglang:num_retracted_reqs", 2, "of the last report only; nothing counted yet"));
    }

    @Test
    void prefillIsOneOfTheStages() {
        SglangSnapshot page = resource("busy");
        assertThat(page.metrics().latency().prefill().sum()).isEqualTo(0.72);
        assertThat(page.provenance().get("latency.prefill_seconds").note()).isEqualTo("stage prefill_forward");
        assertThat(page.stageLatency().byStage()).containsOnlyKeys("prefill_forward", "request_process");
        assertThat(page.metrics().latency().decode()).isNull();
    }

    @Test
    void theOldTimePerOutputTokenSaysWhatItIs() {
        SglangSnapshot old = resource("v0.4.0");
        assertThat(old.metrics().latency().perOutputToken().count()).isEqualTo(100);
        assertThat(old.metrics().latency().interToken()).isNull();
        assertThat(old.provenance().get("latency.per_output_token_seconds").note())
                .isEqualTo("one observation per chunk: the request's mean so far");
        assertThat(resource("busy")
                        .provenance()
                        .get("latency.per_output_token_seconds")
                        .note())
                .isNull();
    }

    @Test
    void aBusyServerIsReadWhole() {
        SglangSnapshot busy = resource("busy");
        EngineMetrics metrics = busy.metrics();
        assertThat(metrics.load().requestsRunning()).isEqualTo(3); // Not 6: the second tensor rank repeats it.
        assertThat(metrics.load().requestsWaiting()).isEqualTo(3); // 2, and 1 waiting for its grammar.
        assertThat(metrics.requests().aborted()).isEqualTo(2);
        assertThat(metrics.tokens()).isEqualTo(new EngineMetrics.Tokens(1000L, 420L, 250L));
        assertThat(metrics.cache())
                .isEqualTo(new EngineMetrics.Cache(0.1123046875, 512L, 16L, 8192L, 250L, 1000L, 0.25));
        assertThat(metrics.latency().timeToFirstToken().count()).isEqualTo(8); // 5 + 3
        assertThat(metrics.latency().timeToFirstToken().quantile(0.5)).isEqualTo(0.15000000000000002);
        assertThat(metrics.latency().interToken().sum()).isEqualTo(4.2);
        assertThat(metrics.size().promptTokens().sum()).isEqualTo(1000);
        assertThat(metrics.adapters().maxLora()).isEqualTo(4);
        assertThat(metrics.adapters().runningAdapters()).isNull();
        assertThat(metrics.events().preemptions()).isEqualTo(5);
        assertThat(metrics.models()).containsExactly(ModelInfo.named("qwen", 32_768L));
        assertThat(busy.request().successTotal()).isEqualTo(6);
        assertThat(busy.cache().cacheMemoryUsageBytes()).isEqualTo(1_610_612_736); // 1.5 * 2^30
        assertThat(busy.system().throughputTokensPerSecond()).isEqualTo(87.5);
        assertThat(busy.system().utilization()).isEqualTo(-1.0);
        assertThat(busy.http().responsesByStatus()).isEqualTo(Map.of("200", 11L, "400", 2L)); // 8 + 3
        assertThat(busy.routing().keysByRunningRequests()).isEqualTo(Map.of("1", 2L, "2", 1L, "+Inf", 0L));
    }

    @Test
    void splitsByModel() {
        SglangSnapshot page = read("""
                sglang_num_running_reqs{model_name="a",tp_rank="0",worker_addr="1"} 1
                sglang_num_running_reqs{model_name="b",tp_rank="0",worker_addr="2"} 2
                sglang_context_len{model_name="b",tp_rank="0",worker_addr="2"} 4096
                """);
        assertThat(page.byModel()).containsOnlyKeys("a", "b");
        assertThat(page.byModel().get("b").load().requestsRunning()).isEqualTo(2);
        assertThat(page.metrics().models()).containsExactly(ModelInfo.named("a", null), ModelInfo.named("b", 4096L));
    }

    @Test
    void theNamesOfFunctionsAreNoModels() {
        SglangSnapshot page =
                read("sglang:func_latency_seconds_count{name=\"generate_request\"} 1\nsglang:num_running_reqs 1\n");
        assertThat(page.metrics().models()).isEmpty();
    }

    @Test
    void literalFamiliesOfOldDocumentsAreRead() {
        SglangSnapshot page = read("""
                sglang:radix_cache_size 1000
                sglang:cache_memory_usage_bytes 4096
                sglang:kv_cache_memory_usage_gb 1
                sglang:batch_size_current 7
                """);
        assertThat(page.cache().radixCacheSize()).isEqualTo(1000);
        assertThat(page.cache().cacheMemoryUsageBytes()).isEqualTo(4096);
        assertThat(page.system().batchSizeCurrent()).isEqualTo(7);
        assertThat(page.metrics().load().batchSize()).isNull();
    }

    @Test
    void itsGroupsHaveTheNamesThatClientsKnow() {
        String json = GoldenPage.of("all", """
                        sglang:num_requests_total 5
                        sglang:num_aborted_requests_total 1
                        sglang:e2e_request_latency_seconds 1.5
                        sglang:time_to_first_token_seconds 0.25
                        sglang:request_time_per_output_token_seconds 0.01
                        sglang:prompt_tokens_histogram 10
                        sglang:generation_tokens_histogram 20
                        sglang:cached_tokens_total 30
                        sglang:prompt_tokens_total 40
                        sglang:cache_memory_usage_bytes 50
                        sglang:radix_cache_size 60
                        sglang:num_running_reqs 70
                        sglang:num_queue_reqs 80
                        sglang:batch_size_current 90
                        sglang:gen_throughput 100.5
                        """).jsonBy(new SglangBackend()).replaceAll("\\s", "");
        assertThat(json)
                .contains("\"request_metrics\":{\"success_total\":4,\"failure_total\":1,"
                        + "\"request_duration_seconds\":{\"kind\":\"value\",\"mean\":1.5},"
                        + "\"time_to_first_token_seconds\":{\"kind\":\"value\",\"mean\":0.25},"
                        + "\"time_per_output_token_seconds\":{\"kind\":\"value\",\"mean\":0.01},"
                        + "\"input_tokens\":{\"kind\":\"value\",\"mean\":10},"
                        + "\"output_tokens\":{\"kind\":\"value\",\"mean\":20},\"num_requests_total\":5}")
                .contains("\"cache_metrics\":{\"cache_hit_rate\":0.75,\"cache_memory_usage_bytes\":50,"
                        + "\"radix_cache_size\":60,\"prefix_cache_hit_total\":30}")
                .contains("\"system_metrics\":{\"num_requests_running\":70,\"num_requests_waiting\":80,"
                        + "\"batch_size_current\":90,\"throughput_tokens_per_second\":100.5}");
    }

    @Test
    void aPageThatWasCutSaysNothingThatMayBeWrong() {
        String text =
                "sglang:num_queue_reqs 3\nsglang:token_usage 0.3\nsglang:num_requests_total 9\nsglang:prompt_tokens_total 4\nsglang:cache_config_info{num_pages=\"2\",page_size=\"3\"} 1\nsglang:num_grammar_queue_reqs 2\n";
        SglangSnapshot cut =
                GoldenPage.of("cut", text).cutAfter(text.length() - 3).readBy(new SglangBackend());
        assertThat(cut.metrics().load().requestsWaiting()).isNull();
        assertThat(cut.provenance().get("load.requests_waiting").note())
                .isEqualTo("the page was cut; other queues unknown");
        assertThat(cut.metrics().cache().kvUsage()).isNull();
        assertThat(cut.metrics().cache().kvBlocks()).isNull();
        assertThat(cut.metrics().cache().kvBlockSize()).isNull();
        assertThat(cut.request().successTotal()).isNull();
        assertThat(cut.metrics().tokens().prompt()).isEqualTo(4);
    }

    @Test
    void numbersThatAreNoneAreAbsent() {
        SglangSnapshot page = read("""
                sglang:fwd_occupancy NaN
                sglang:kv_cache_memory_usage_gb -1
                sglang:startup_time_seconds{phase="a"} NaN
                sglang:startup_time_seconds{phase="b"} 2.5
                sglang:num_running_reqs NaN
                """);
        assertThat(page.system().forwardOccupancy()).isNull();
        assertThat(page.cache().cacheMemoryUsageBytes()).isNull();
        assertThat(page.startup().secondsByPhase()).isEqualTo(Map.of("b", 2.5));
        assertThat(page.metrics().load().requestsRunning()).isNull();
    }

    @Test
    void speculationIsCountedInVerifications() {
        SglangSnapshot page = read("""
                sglang:spec_verify_calls_total{is_streaming="true"} 12
                sglang:spec_accept_length{dp_rank="0",tp_rank="0"} 3
                sglang:spec_accept_length{dp_rank="1",tp_rank="0"} 2
                sglang:spec_accept_rate 0.5
                sglang:spec_num_steps 4
                sglang:spec_num_draft_tokens 5
                sglang:spec_cap_length 2.5
                sglang:spec_block_accept_length 3.5
                """);
        assertThat(page.metrics().speculation()).isEqualTo(new EngineMetrics.Speculation(12L, null, null));
        assertThat(page.speculation()).isEqualTo(new SglangSnapshot.Speculation(12L, 2.5, 0.5, 4L, 5L, 2.5, 3.5));
    }

    @Test
    void hiCacheHasItsPlace() {
        SglangSnapshot.HiCache cache = read("""
                        sglang:hicache_host_used_tokens 10
                        sglang:hicache_host_total_tokens 100
                        sglang:load_back_tokens_total{cache_type="radix",pool="kv"} 7
                        sglang:load_back_tokens_total{cache_type="radix",pool="swa"} 1
                        sglang:load_back_bytes_total 800
                        sglang:load_back_duration_seconds_sum 0.5
                        sglang:load_back_duration_seconds_count 2
                        sglang:hicache_backup_tokens_total{pool="kv"} 20
                        sglang:hicache_backup_bytes_total 2000
                        sglang:hicache_dropped_tokens_total{pool="kv",reason="no_room"} 3
                        sglang:prefetched_tokens_total{storage_backend="mooncake",tp_rank="0"} 30
                        sglang:prefetched_tokens_total{storage_backend="mooncake",tp_rank="1"} 30
                        sglang:backuped_tokens_total{storage_backend="mooncake",tp_rank="0"} 40
                        """).hiCache();
        assertThat(cache.hostUsedTokens()).isEqualTo(10);
        assertThat(cache.hostTotalTokens()).isEqualTo(100);
        assertThat(cache.loadBackTokensTotal()).isEqualTo(8);
        assertThat(cache.loadBackBytesTotal()).isEqualTo(800);
        assertThat(cache.loadBackSeconds()).isEqualTo(Distribution.ofSummary(new double[0], new double[0], 0.5, 2));
        assertThat(cache.hostBackupTokensTotal()).isEqualTo(20);
        assertThat(cache.hostBackupBytesTotal()).isEqualTo(2000);
        assertThat(cache.droppedTokensByReason()).isEqualTo(Map.of("no_room", 3L));
        assertThat(cache.storagePrefetchedTokensTotal()).isEqualTo(30);
        assertThat(cache.storageBackupTokensTotal()).isEqualTo(40);
    }

    @Test
    void anEncoderServerHasItsPlace() {
        SglangSnapshot.Encoder encoder = read("""
                        sglang:encoder_requests_received_total{modality="image"} 5
                        sglang:encoder_requests_total{modality="image",status="success"} 3
                        sglang:encoder_requests_total{modality="video",status="success"} 1
                        sglang:encoder_requests_total{modality="image",status="error"} 1
                        sglang:encoder_dp_pending_requests{dp_rank="0"} 2
                        sglang:encoder_dp_pending_requests{dp_rank="1"} 1
                        sglang:encoder_cache_entries 9
                        sglang:encoder_cache_size_mb 1.5
                        sglang:encoder_cache_hit_tokens_total{modality="image"} 64
                        sglang:encoder_cache_total_tokens_total{modality="image"} 128
                        sglang:encoder_cache_evictions_total{modality="image"} 4
                        sglang:encoder_queue_wait_seconds_sum{modality="image"} 0.25
                        sglang:encoder_queue_wait_seconds_count{modality="image"} 5
                        """).encoder();
        assertThat(encoder.receivedTotal()).isEqualTo(5);
        assertThat(encoder.requestsByStatus()).isEqualTo(Map.of("success", 4L, "error", 1L));
        assertThat(encoder.pending()).isEqualTo(3);
        assertThat(encoder.cacheEntries()).isEqualTo(9);
        assertThat(encoder.cacheMb()).isEqualTo(1.5);
        assertThat(encoder.cacheHitTokensTotal()).isEqualTo(64);
        assertThat(encoder.cacheTokensTotal()).isEqualTo(128);
        assertThat(encoder.cacheEvictionsTotal()).isEqualTo(4);
        assertThat(encoder.queueSecondsByModality().get("image").mean()).isEqualTo(0.05);
    }

    @Test
    void oldNamesLeadToTheSamePlaces() {
        SglangSnapshot page = read("""
                sglang:num_prefill_infight_queue_reqs 1
                sglang:num_prefill_prealloc_queue_reqs 2
                sglang:avg_request_queue_latency 0.25
                sglang:gpu_execution_seconds_total{category="decode"} 4.5
                sglang:dp_cooperation_gpu_execution_seconds_total{category="decode",num_prefill_ranks="1"} 1.5
                sglang:queue_time_s_sum 3
                sglang:queue_time_s_count 6
                sglang:engine_load_weights_time 12.5
                """);
        assertThat(page.queues().prefillInflight()).isEqualTo(1);
        assertThat(page.queues().prefillBootstrap()).isEqualTo(2);
        assertThat(page.queues().lastBatchQueueSeconds()).isEqualTo(0.25);
        assertThat(page.scheduler().forwardSecondsByCategory()).isEqualTo(Map.of("decode", 4.5));
        assertThat(page.dataParallel().forwardSecondsByPrefillRanks()).isEqualTo(Map.of("1", 1.5));
        assertThat(page.metrics().latency().queue().mean()).isEqualTo(0.5);
        assertThat(page.startup().loadWeightsSeconds()).isEqualTo(12.5);
    }

    @Test
    void itsTableNamesTheFieldsThatItFills() {
        Map<CommonField, String> support = new SglangBackend().table().support();
        assertThat(support)
                .doesNotContainKeys(
                        CommonField.SUCCEEDED,
                        CommonField.FAILED,
                        CommonField.RECEIVED,
                        CommonField.BATCH_SIZE,
                        CommonField.ASLEEP,
                        CommonField.RUNNING_ADAPTERS)
                .containsEntry(CommonField.REQUESTS_RUNNING, "sglang:num_running_reqs, sglang:num_requests_running")
                .containsKeys(CommonField.KV_USAGE, CommonField.HIT_RATE, CommonField.MODELS);
    }

    @Test
    void aScrapeWithoutAPageSaysNothingOfItself() {
        SglangSnapshot snapshot = GoldenPage.withoutPage("none").readBy(new SglangBackend());
        assertThat(snapshot.metrics().load().requestsRunning()).isNull();
        assertThat(snapshot.metrics().load().requestsWaiting()).isNull();
        assertThat(snapshot.byRank()).isEmpty();
    }

    private static Double kvUsage(String text) {
        return read(text).metrics().cache().kvUsage();
    }

    private static Long preemptions(String text) {
        return read(text).metrics().events().preemptions();
    }

    private static SglangSnapshot read(String text) {
        return GoldenPage.of("page", text).readBy(new SglangBackend());
    }

    private static SglangSnapshot resource(String name) {
        return GoldenPage.resource(SglangRulesTest.class, "/pages/sglang/" + name + ".prom")
                .readBy(new SglangBackend());
    }
}
