package io.inferometer.backend.vllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.MetricSample;
import io.inferometer.snapshot.Provenance;
import io.inferometer.spi.CommonField;
import io.inferometer.spi.Endpoint;
import io.inferometer.spi.EngineBackend;
import io.inferometer.spi.Scrape;
import io.inferometer.testkit.GoldenPage;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VllmRulesTest {
    private static final Instant AT = Instant.parse("2026-11-22T05:00:00Z"); // 1795323600
    private final VllmBackend backend = new VllmBackend();

    @Test
    void isFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(EngineBackend.class)).hasSize(1).first().isInstanceOf(VllmBackend.class);
    }

    @Test
    void asksForThePageAndOnRequestForTheVersion() {
        assertThat(backend.endpoints())
                .containsExactly(Endpoint.METRICS, Endpoint.json("version", "/version", Endpoint.Need.ON_REQUEST));
        assertThat(backend.name()).isEqualTo("vllm");
        assertThat(backend.title()).isEqualTo("vLLM");
        assertThat(backend.aliases()).containsExactly("vllm-openai");
        assertThat(backend.versions()).isEqualTo("0.2.3 (V0) to 0.32 (V1)");
    }

    @Test
    void namesTheFlagThatSwitchesTheFamiliesOff() {
        assertThat(backend.remedyForMissingFamilies())
                .isEqualTo("A vLLM server that runs with --disable-log-stats answers without its own families; "
                        + "start it without that flag.");
    }

    @Test
    void refusesAScrapeWithoutAPage() {
        Scrape scrape =
                new Scrape("vllm", "h:1", URI.create("http://h:1"), Map.of(), AT, Duration.ZERO, null, Map.of(), false);
        assertThatThrownBy(() -> backend.read(scrape))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("vLLM is read from its metrics page; this scrape has none.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vllm:num_requests_running 0\n",
                "vllm_num_requests_running 0\n",
                "ray_vllm:num_requests_running 0\n",
                "ray_vllm_num_requests_running 0\n",
                "vllm:a_family_of_tomorrow 0\n"
            })
    void recognizesEverySpelling(String text) {
        assertThat(backend.recognizes(GoldenPage.of("page", text).pageFor(backend)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"python_info 1\n", "lmcache_vllm:x 1\n", "", "# TYPE vllm:num_requests_running gauge\n"})
    void recognizesNothingElse(String text) {
        assertThat(backend.recognizes(GoldenPage.of("page", text).pageFor(backend)))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    `{"version":"0.32.0"}`           | 0.32.0
                    ` { "version" : "0.30.0+cpu" }`  | 0.30.0+cpu
                    `{"version":"0.9.0.dev1"}`       | 0.9.0.dev1
                    `{"version":""}`                 |
                    `{"version":0.32}`               |
                    `{"version":"0.32.0"`            |
                    `{"version":"0.32.0","a":1}`     |
                    `{"version":"0.\\u0033"}`        |
                    `<html>`                         |
                    ``                               |
                    """)
    void readsTheVersion(String answer, String version) {
        GoldenPage page = GoldenPage.of("page", "vllm:num_requests_running 0\n").withAnswer("version", answer);
        assertThat(page.readBy(backend).header().engineVersion()).isEqualTo(version);
    }

    @Test
    void readsNoVersionFromAnAnswerThatIsTooLong() {
        String padded = " ".repeat(1024) + "{\"version\":\"0.32.0\"}";
        GoldenPage page = GoldenPage.of("page", "vllm:num_requests_running 0\n").withAnswer("version", padded);
        assertThat(page.readBy(backend).header().engineVersion()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "0.8.5.post1, false",
        "0.9.0, true",
        "0.9, true",
        "v0.10.2, true",
        "1.0.0, true",
        "0.30.0+cpu, true",
        "dev, false",
        ", false"
    })
    void knowsWhichVersionsCountThePrefixCacheInTokens(String version, boolean tokens) {
        assertThat(VersionAnswer.isAtLeast(version, 0, 9)).isEqualTo(tokens);
    }

    @Test
    void neverAddsTheTwoNamesOfTheKvUsage() {
        VllmSnapshot both = Readings.read("""
                vllm:gpu_cache_usage_perc{engine="0",model_name="m"} 0.5
                vllm:kv_cache_usage_perc{engine="0",model_name="m"} 0.5
                """);
        assertThat(both.metrics().cache().kvUsage()).isEqualTo(0.5);
        assertThat(both.gpu().cacheUsagePerc()).isEqualTo(0.5);
        assertThat(both.provenance().get("cache.kv_usage"))
                .isEqualTo(new Provenance("vllm:kv_cache_usage_perc", 1, null));
    }

    @Test
    void keepsAnImpossibleUsageInTheOwnViewOnly() {
        VllmSnapshot percent = Readings.read("vllm:kv_cache_usage_perc 75.5\n");
        assertThat(percent.gpu().cacheUsagePerc()).isEqualTo(75.5);
        assertThat(percent.metrics().cache().kvUsage()).isNull();
        assertThat(percent.provenance().get("cache.kv_usage"))
                .isEqualTo(new Provenance("vllm:kv_cache_usage_perc", 1, "out of range 0..1"));
    }

    @Test
    void doesNotAddWaitingAndItsSplitByReason() {
        VllmSnapshot waiting = Readings.read("""
                vllm:num_requests_waiting{engine="0"} 4.0
                vllm:num_requests_waiting_by_reason{engine="0",reason="capacity"} 3.0
                vllm:num_requests_waiting_by_reason{engine="0",reason="deferred"} 1.0
                """);
        assertThat(waiting.metrics().load().requestsWaiting()).isEqualTo(4);
        assertThat(waiting.scheduler().waitingByReason()).isEqualTo(Map.of("capacity", 3L, "deferred", 1L));
    }

    @Test
    void countsNoErrorWhereThePageKnowsNoErrors() {
        VllmSnapshot old = Readings.read("""
                vllm:request_success_total{finished_reason="stop"} 7.0
                vllm:request_success_total{finished_reason="abort"} 2.0
                """);
        assertThat(old.metrics().requests().succeeded()).isEqualTo(7);
        assertThat(old.metrics().requests().failed()).isNull();
        assertThat(old.metrics().requests().aborted()).isEqualTo(2);
        assertThat(old.request().failureTotal()).isEqualTo(2);
    }

    @Test
    void countsErrorsAloneWhereThePageKnowsNoAborts() {
        VllmSnapshot errors = Readings.read("vllm:request_success_total{finished_reason=\"error\"} 3.0\n");
        assertThat(errors.metrics().requests().failed()).isEqualTo(3);
        assertThat(errors.metrics().requests().succeeded()).isNull();
        assertThat(errors.request().successTotal()).isNull();
        assertThat(errors.request().failureTotal()).isEqualTo(3);
    }

    @Test
    void prefersWhatTheEngineCountsToTheLiteralFailureFamily() {
        VllmSnapshot both = Readings.read("""
                vllm:request_success_total{finished_reason="error"} 3.0
                vllm:request_failure_total 9.0
                """);
        assertThat(both.metrics().requests().failed()).isEqualTo(3);
        assertThat(both.request().failureTotal()).isEqualTo(3);
    }

    @Test
    void takesTimePerOutputTokenForTheOldNameOfTheGap() {
        VllmSnapshot old = Readings.read("""
                vllm:time_per_output_token_seconds_sum 2.0
                vllm:time_per_output_token_seconds_count 100.0
                vllm:request_time_per_output_token_seconds_sum 0.5
                vllm:request_time_per_output_token_seconds_count 20.0
                """);
        assertThat(Objects.requireNonNull(old.metrics().latency().interToken()).count())
                .isEqualTo(100);
        assertThat(Objects.requireNonNull(old.metrics().latency().perOutputToken())
                        .count())
                .isEqualTo(20);
        assertThat(Objects.requireNonNull(old.request().timePerOutputTokenSeconds())
                        .count())
                .isEqualTo(20);
    }

    @Test
    void prefersTheNewNameOfTheGap() {
        VllmSnapshot both = Readings.read("""
                vllm:time_per_output_token_seconds_sum 2.0
                vllm:time_per_output_token_seconds_count 100.0
                vllm:inter_token_latency_seconds_sum 2.0
                vllm:inter_token_latency_seconds_count 101.0
                """);
        assertThat(Objects.requireNonNull(both.metrics().latency().interToken()).count())
                .isEqualTo(101);
        assertThat(both.metrics().latency().perOutputToken()).isNull();
        assertThat(Objects.requireNonNull(both.request().timePerOutputTokenSeconds())
                        .count())
                .isEqualTo(100);
    }

    @Test
    void readsABareNumberInPlaceOfAHistogram() {
        VllmSnapshot bare = Readings.read("vllm:time_to_first_token_seconds 0.025\n");
        Distribution ttft = Objects.requireNonNull(bare.request().timeToFirstTokenSeconds());
        assertThat(ttft.kind()).isEqualTo(Distribution.Kind.VALUE);
        assertThat(ttft.mean()).isEqualTo(0.025);
        assertThat(ttft.count()).isNull();
    }

    @Test
    void readsQuantilesUnderTypeHistogram() {
        VllmSnapshot quantiles = Readings.read("""
                # TYPE vllm:time_to_first_token_seconds histogram
                vllm:time_to_first_token_seconds{quantile="0.5"} 0.025
                vllm:time_to_first_token_seconds{quantile="0.95"} 0.05
                """);
        Distribution ttft = Objects.requireNonNull(quantiles.request().timeToFirstTokenSeconds());
        assertThat(ttft.quantile(0.5)).isEqualTo(0.025);
        assertThat(ttft.quantile(0.95)).isEqualTo(0.05);
        assertThat(ttft.quantile(0.99)).isNull();
    }

    @Test
    void sleepsWhenAnyRankSleeps() {
        assertThat(asleep("{engine=\"0\",sleep_state=\"awake\"} 1", "{engine=\"1\",sleep_state=\"awake\"} 0"))
                .isTrue();
        assertThat(asleep("{engine=\"0\",sleep_state=\"awake\"} 1", "{engine=\"1\",sleep_state=\"awake\"} 1"))
                .isFalse();
        assertThat(asleep("{sleep_state=\"awake\"} 0", "{sleep_state=\"weights_offloaded\"} 1"))
                .isTrue();
    }

    @Test
    void doesNotKnowWhetherItSleepsWithoutTheStateAwake() {
        assertThat(asleep("{sleep_state=\"discard_all\"} 0")).isNull();
        assertThat(asleep("{sleep_state=\"awake\"} NaN")).isNull();
    }

    @Test
    void dividesTheBlocksThatAreAlreadyTheSumOfAllRanks() {
        VllmSnapshot sums = Readings.read(config("0", 128, 454, "29056") + config("1", 128, 454, "29056"));
        assertThat(sums.metrics().cache().kvBlocks()).isEqualTo(454);
        assertThat(sums.metrics().cache().kvCapacityTokens()).isEqualTo(58112);
        assertThat(Objects.requireNonNull(sums.byRank().get("1")).cache().kvBlocks())
                .isEqualTo(227);
        assertThat(Objects.requireNonNull(sums.byRank().get("1")).cache().kvCapacityTokens())
                .isEqualTo(29056);
    }

    @Test
    void addsTheBlocksThatAreEachRanksOwn() {
        VllmSnapshot own = Readings.read(config("0", 16, 20539, "328624") + config("1", 16, 20539, "328624"));
        assertThat(own.metrics().cache().kvBlocks()).isEqualTo(41078);
        assertThat(own.metrics().cache().kvCapacityTokens()).isEqualTo(657248);
    }

    @Test
    void addsTheBlocksWhenOnlyOneSeriesLooksLikeASum() {
        VllmSnapshot mixed = Readings.read(config("0", 128, 454, "29056") + config("1", 128, 227, "29056"));
        assertThat(mixed.metrics().cache().kvBlocks()).isEqualTo(681);
    }

    @Test
    void multipliesBlocksWhereNoTokensArePrinted() {
        VllmSnapshot old = Readings.read(config("0", 16, 100, "None") + config("1", 16, 150, "None"));
        assertThat(old.metrics().cache().kvBlocks()).isEqualTo(250);
        assertThat(old.metrics().cache().kvCapacityTokens()).isEqualTo(4000);
        assertThat(old.provenance().get("cache.kv_capacity_tokens"))
                .isEqualTo(new Provenance("vllm:cache_config_info", 2, "num_gpu_blocks * block_size"));
    }

    @Test
    void knowsNoCapacityWhenARankKeepsSilent() {
        VllmSnapshot silent = Readings.read(config("0", 16, 100, "1600")
                + "vllm:cache_config_info{engine=\"1\",block_size=\"None\",num_gpu_blocks=\"None\"} 1.0\n");
        assertThat(silent.metrics().cache().kvBlocks()).isNull();
        assertThat(silent.metrics().cache().kvCapacityTokens()).isNull();
        assertThat(silent.metrics().cache().kvBlockSize()).isEqualTo(16);
    }

    @Test
    void knowsNoBlockSizeWhenRanksDiffer() {
        VllmSnapshot differ = Readings.read(config("0", 16, 100, "1600") + config("1", 32, 100, "3200"));
        assertThat(differ.metrics().cache().kvBlockSize()).isNull();
        assertThat(differ.provenance().get("cache.kv_block_size"))
                .isEqualTo(new Provenance("vllm:cache_config_info", 2, "ranks differ"));
        assertThat(differ.metrics().cache().kvCapacityTokens()).isEqualTo(4800);
    }

    @Test
    void readsTheConfigurationThatSeveralProcessesRepeatOnce() {
        VllmSnapshot pids = Readings.read("""
                vllm:cache_config_info{engine="0",block_size="16",num_gpu_blocks="100",pid="271"} 1.0
                vllm:cache_config_info{engine="0",block_size="16",num_gpu_blocks="100",pid="272"} 1.0
                """);
        assertThat(pids.metrics().cache().kvBlocks()).isEqualTo(100);
        assertThat(pids.cache().config()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"None", "", "-1", "1.5", "1e9", "99999999999999999999", "٣"})
    void takesNothingElseForAWholeNumber(String text) {
        assertThat(CacheConfig.whole(text)).isNull();
    }

    @Test
    void readsPythonsWordsInTheConfiguration() {
        VllmSnapshot page = Readings.read("""
                vllm:cache_config_info{cache_dtype="fp8",enable_prefix_caching="False",gpu_memory_utilization="0.9"} 1.0
                vllm:cache_config_info{cache_dtype="None",enable_prefix_caching="None",gpu_memory_utilization="None"} 1.0
                vllm:cache_config_info{gpu_memory_utilization="nan",cache_dtype="",enable_prefix_caching="true"} 1.0
                """);
        assertThat(page.cache().config())
                .containsExactly(
                        new CacheConfig(null, null, null, null, null, null, 0.9, "fp8", false),
                        new CacheConfig(null, null, null, null, null, null, null, null, true));
        assertThat(page.metrics().cache().kvBlocks()).isNull();
    }

    @Test
    void refusesAProductOfBlocksThatNoLongHolds() {
        VllmSnapshot huge =
                Readings.read("vllm:cache_config_info{block_size=\"9000000000\",num_gpu_blocks=\"9000000000\"} 1.0\n");
        assertThat(huge.metrics().cache().kvCapacityTokens()).isNull();
        assertThat(huge.metrics().cache().kvBlocks()).isEqualTo(9_000_000_000L);
    }

    @Test
    void computesTheHitRateFromSummedCounters() {
        VllmSnapshot page = Readings.read("""
                vllm:prefix_cache_hits_total{engine="0"} 90
                vllm:prefix_cache_queries_total{engine="0"} 100
                vllm:prefix_cache_hits_total{engine="1"} 0
                vllm:prefix_cache_queries_total{engine="1"} 300
                """);
        assertThat(page.metrics().cache().hitRate()).isEqualTo(90 / 400.0);
        assertThat(page.provenance().get("cache.hit_rate"))
                .isEqualTo(new Provenance("vllm:prefix_cache_hits_total", 2, "hits / queries"));
    }

    @Test
    void knowsNoHitRateBeforeAnythingWasLookedUp() {
        VllmSnapshot idle = Readings.read("vllm:prefix_cache_hits_total 0\nvllm:prefix_cache_queries_total 0\n");
        assertThat(idle.metrics().cache().hitRate()).isNull();
        assertThat(idle.metrics().cache().prefixHits()).isZero();
    }

    @Test
    void leavesOutAHitRateAboveOne() {
        VllmSnapshot torn = Readings.read("vllm:prefix_cache_hits_total 5\nvllm:prefix_cache_queries_total 4\n");
        assertThat(torn.metrics().cache().hitRate()).isNull();
        assertThat(torn.provenance().get("cache.hit_rate"))
                .isEqualTo(new Provenance("vllm:prefix_cache_hits_total", 1, "hits / queries; out of range 0..1"));
    }

    @Test
    void doesNotTakeBlocksForTokens() {
        VllmSnapshot early = Readings.read("vllm:gpu_prefix_cache_hits_total 25\n");
        assertThat(early.metrics().cache().prefixHits()).isNull();
        assertThat(early.metrics().cache().hitRate()).isNull();
        assertThat(early.cache().prefixCache().gpuHits()).isEqualTo(25);
        assertThat(early.provenance().get("cache.prefix_queries"))
                .isEqualTo(new Provenance(
                        "vllm:gpu_prefix_cache_hits_total",
                        1,
                        "blocks before vLLM 0.9.0, tokens since; ask for the version to tell"));
    }

    @Test
    void takesTheGaugeOfTheHitRateOnlyWhereItIsOne() {
        assertThat(Readings.read("vllm:gpu_prefix_cache_hit_rate 0.25\n")
                        .metrics()
                        .cache()
                        .hitRate())
                .isEqualTo(0.25);
        assertThat(Readings.read("vllm:gpu_prefix_cache_hit_rate NaN\n")
                        .metrics()
                        .cache()
                        .hitRate())
                .isNull();
        VllmSnapshot off = Readings.read("vllm:gpu_prefix_cache_hit_rate -1.0\n");
        assertThat(off.metrics().cache().hitRate()).isNull();
        assertThat(off.provenance().get("cache.hit_rate"))
                .isEqualTo(new Provenance("vllm:gpu_prefix_cache_hit_rate", 1, "prefix caching is off"));
    }

    @Test
    void takesTheNewestListOfAdapters() {
        LoraMetrics lora = lora(
                "{max_lora=\"2\",running_lora_adapters=\"b,a\",waiting_lora_adapters=\"\"} 1795323500",
                "{max_lora=\"2\",running_lora_adapters=\"c\",waiting_lora_adapters=\"\"} 1795323400");
        assertThat(lora).isEqualTo(new LoraMetrics(2L, List.of("a", "b"), List.of(), 1795323500.0));
    }

    @Test
    void takesACopyOfTheRunningListForNoWaitingList() {
        VllmSnapshot page = at("vllm:lora_requests_info"
                + "{max_lora=\"1\",running_lora_adapters=\"a,b\",waiting_lora_adapters=\"b,a\"} 1795323500\n");
        assertThat(page.metrics().adapters().runningAdapters()).containsExactly("a", "b");
        assertThat(page.metrics().adapters().waitingAdapters()).isNull();
        assertThat(page.provenance().get("adapters.waiting_adapters"))
                .isEqualTo(new Provenance("vllm:lora_requests_info", 1, "a copy of the running list"));
    }

    @Test
    void knowsThatNoAdapterRunsAndNoneWaits() {
        LoraMetrics idle = lora("{max_lora=\"1\",running_lora_adapters=\"\",waiting_lora_adapters=\"\"} 1795323500");
        assertThat(idle).isEqualTo(new LoraMetrics(1L, List.of(), List.of(), 1795323500.0));
    }

    @Test
    void knowsNoAdapterWhereSeveralServersAddedUpTheirTimes() {
        VllmSnapshot page = at("""
                vllm:lora_requests_info{max_lora="2",running_lora_adapters="a",waiting_lora_adapters="a"} 1.7953235e+09
                vllm:lora_requests_info{max_lora="2",running_lora_adapters="b",waiting_lora_adapters="b"} 3.590647e+09
                """);
        assertThat(page.lora()).isEqualTo(new LoraMetrics(2L, null, null, null));
        assertThat(page.metrics().adapters().maxLora()).isEqualTo(2);
        assertThat(page.metrics().adapters().runningAdapters()).isNull();
        assertThat(page.provenance().get("adapters.running_adapters"))
                .isEqualTo(new Provenance(
                        "vllm:lora_requests_info",
                        2,
                        "several API servers added up their times, so the newest series is unknown"));
    }

    @ParameterizedTest
    @CsvSource({"86400, true", "86401, false"})
    void toleratesAClockThatIsADayAheadAndNoMore(long secondsAhead, boolean known) {
        LoraMetrics lora = lora("{max_lora=\"1\",running_lora_adapters=\"a\",waiting_lora_adapters=\"\"} "
                + (AT.getEpochSecond() + secondsAhead));
        assertThat(lora.runningAdapters() != null).isEqualTo(known);
    }

    @Test
    void knowsNoAdapterWithoutATime() {
        VllmSnapshot page = at("vllm:lora_requests_info{running_lora_adapters=\"a\"} NaN\n");
        assertThat(page.lora()).isEqualTo(new LoraMetrics(null, null, null, null));
        assertThat(page.provenance().get("adapters.waiting_adapters"))
                .isEqualTo(new Provenance("vllm:lora_requests_info", 1, "no series has a time"));
    }

    @Test
    void knowsNoListThatASeriesLacks() {
        LoraMetrics lora = lora("{max_lora=\"1\",waiting_lora_adapters=\" a , b,\"} 1795323500");
        assertThat(lora).isEqualTo(new LoraMetrics(1L, null, List.of("a", "b"), 1795323500.0));
    }

    @Test
    void leavesOutTheSumThatAServerSideAbortSpoiled() {
        VllmSnapshot page = Readings.read(spoilable());
        Distribution prefill = Objects.requireNonNull(page.metrics().latency().prefill());
        assertThat(prefill.count()).isEqualTo(3);
        assertThat(prefill.sum()).isNull();
        assertThat(prefill.mean()).isNull();
        assertThat(prefill.quantile(0.5)).isEqualTo(0.75);
        assertThat(page.latency().prefillTimeSeconds()).isEqualTo(prefill);
        assertThat(page.provenance().get("latency.prefill_seconds"))
                .isEqualTo(new Provenance(
                        "vllm:request_prefill_time_seconds",
                        1,
                        "server-side aborts added the host's clock; sum and mean left out"));
    }

    @Test
    void keepsTheSumOfLongRequests() {
        String text = spoilable()
                .replace(
                        "e2e_request_latency_seconds_bucket{le=\"7680.0\"} 2",
                        "e2e_request_latency_seconds_bucket{le=\"7680.0\"} 3");
        Distribution prefill =
                Objects.requireNonNull(Readings.read(text).metrics().latency().prefill());
        assertThat(prefill.sum()).isEqualTo(2166.0);
    }

    @Test
    void keepsSumsThatNothingContradicts() {
        assertThat(sumOfPrefill("vllm:request_prefill_time_seconds_sum 5\n")).isEqualTo(5);
        assertThat(sumOfPrefill("""
                        vllm:request_prefill_time_seconds_bucket{le="+Inf"} 0
                        vllm:request_prefill_time_seconds_sum 0
                        vllm:e2e_request_latency_seconds_bucket{le="+Inf"} 0
                        """)).isEqualTo(0);
        assertThat(sumOfPrefill("""
                        vllm:request_prefill_time_seconds_bucket{le="+Inf"} 2
                        vllm:request_prefill_time_seconds_sum 9
                        vllm:e2e_request_latency_seconds_sum 9
                        """)).isEqualTo(9);
    }

    @Test
    void sumsTheShareOfEachSpeculation() {
        var speculation = new VllmSnapshot.SpeculationMetrics(40L, 160L, 100L, Map.of(), null, null, null);
        assertThat(speculation.acceptanceRate()).isEqualTo(0.625);
        assertThat(speculation.meanAcceptedLength()).isEqualTo(3.5);
        var idle = new VllmSnapshot.SpeculationMetrics(0L, 0L, 0L, Map.of(), null, null, null);
        assertThat(idle.acceptanceRate()).isNull();
        assertThat(idle.meanAcceptedLength()).isNull();
        var unknown = new VllmSnapshot.SpeculationMetrics(null, null, null, Map.of(), null, null, null);
        assertThat(unknown.acceptanceRate()).isNull();
        assertThat(unknown.meanAcceptedLength()).isNull();
        var half = new VllmSnapshot.SpeculationMetrics(40L, 160L, null, Map.of(), null, null, null);
        assertThat(half.acceptanceRate()).isNull();
        assertThat(half.meanAcceptedLength()).isNull();
    }

    @Test
    void listsPositionsByNumber() {
        VllmSnapshot page = Readings.read("""
                vllm:spec_decode_num_accepted_tokens_per_pos_total{position="10"} 1
                vllm:spec_decode_num_accepted_tokens_per_pos_total{position="2"} 3
                vllm:spec_decode_num_accepted_tokens_per_pos_total{position="0"} 9
                """);
        assertThat(page.speculation().acceptedPerPosition().keySet()).containsExactly("0", "2", "10");
    }

    @Test
    void neverAddsOldAndNewNamesOfOffloading() {
        VllmSnapshot both = Readings.read("""
                vllm:kv_offload_load_bytes_total 4000
                vllm:kv_offload_total_bytes_total{transfer_type="CPU_to_GPU"} 4000
                vllm:kv_offload_total_bytes_total{transfer_type="GPU_to_CPU"} 700
                vllm:kv_offload_total_time_total{transfer_type="GPU_to_CPU"} 0.5
                vllm:kv_offload_size_sum{transfer_type="GPU_to_CPU"} 700
                vllm:kv_offload_size_count{transfer_type="GPU_to_CPU"} 7
                """);
        assertThat(both.kvTransfer().offload().loadBytesTotal()).isEqualTo(4000);
        assertThat(both.kvTransfer().offload().storeBytesTotal()).isEqualTo(700);
        assertThat(both.kvTransfer().offload().storeSecondsTotal()).isEqualTo(0.5);
        assertThat(Objects.requireNonNull(both.kvTransfer().offload().storeSizeBytes())
                        .count())
                .isEqualTo(7);
        assertThat(both.kvTransfer().offload().loadSecondsTotal()).isNull();
    }

    @Test
    void takesTheModelFromTheLabelThatIsThere() {
        assertThat(Readings.read("vllm:num_requests_running{model=\"m\"} 1\n")
                        .metrics()
                        .models())
                .extracting(model -> model.name())
                .containsExactly("m");
        assertThat(Readings.read("vllm:num_requests_running 1\n").metrics().models())
                .isEmpty();
    }

    @Test
    void namesNoModelsOfAPageThatBrokeOff() {
        GoldenPage page = GoldenPage.of(
                "page",
                "vllm:num_requests_running{model_name=\"m\"} 1\nvllm:num_requests_waiting{model_name=\"m\"} 2\n");
        VllmSnapshot cut = page.cutAfter(page.bytes().length - 4).readBy(backend);
        assertThat(cut.metrics().models()).isEmpty();
        assertThat(cut.metrics().load().requestsRunning()).isEqualTo(1);
        assertThat(cut.provenance().get("models"))
                .isEqualTo(new Provenance("label model_name", 1, "the page broke off; others may have followed"));
    }

    @Test
    void keepsUnknownFamiliesOfAConnectorAsRawSamples() {
        GoldenPage page = GoldenPage.of("page", """
                        # TYPE vllm:tomorrow_total counter
                        vllm:tomorrow_total{engine="0"} 5
                        vllm:prompt_tokens_created{engine="0"} 1.7e9
                        python_info 1
                        """).withRawMetrics();
        assertThat(Objects.requireNonNull(page.readBy(backend).rawMetrics()))
                .extracting(MetricSample::name)
                .containsExactly("vllm:tomorrow_total");
    }

    @Test
    void tellsWhereEveryCommonFieldComesFrom() {
        Map<CommonField, String> support = backend.table().support();
        List<CommonField> notVllms = List.of(
                CommonField.BATCH_SIZE, CommonField.MAX_BATCH_TOKENS, CommonField.RECEIVED, CommonField.RESIDENT_BYTES);
        assertThat(support.keySet())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(CommonField.values())
                        .filter(field -> !notVllms.contains(field))
                        .toList());
        assertThat(support).containsEntry(CommonField.KV_USAGE, "vllm:kv_cache_usage_perc, vllm:gpu_cache_usage_perc");
    }

    private static Boolean asleep(String... series) {
        StringBuilder page = new StringBuilder();
        for (String one : series) {
            page.append("vllm:engine_sleep_state").append(one).append('\n');
        }
        return Readings.read(page.toString()).metrics().load().asleep();
    }

    private static String config(String engine, int blockSize, int blocks, String tokens) {
        return "vllm:cache_config_info{engine=\"%s\",block_size=\"%d\",num_gpu_blocks=\"%d\",kv_cache_size_tokens=\"%s\"} 1.0%n"
                .formatted(engine, blockSize, blocks, tokens);
    }

    private static VllmSnapshot at(String text) {
        return Readings.read(GoldenPage.of("page", text), AT);
    }

    private static LoraMetrics lora(String... series) {
        StringBuilder page = new StringBuilder();
        for (String one : series) {
            page.append(LoraMetrics.FAMILY).append(one).append('\n');
        }
        return at(page.toString()).lora();
    }

    private static Double sumOfPrefill(String text) {
        return Objects.requireNonNull(Readings.read(text).metrics().latency().prefill())
                .sum();
    }

    /** Three requests; one prefill lies in the bucket above 1920 s, no request took longer than a second. */
    private static String spoilable() {
        return """
                vllm:e2e_request_latency_seconds_bucket{le="1.0"} 2
                vllm:e2e_request_latency_seconds_bucket{le="1920.0"} 2
                vllm:e2e_request_latency_seconds_bucket{le="7680.0"} 2
                vllm:e2e_request_latency_seconds_bucket{le="+Inf"} 2
                vllm:e2e_request_latency_seconds_count 2
                vllm:e2e_request_latency_seconds_sum 1.5
                vllm:request_prefill_time_seconds_bucket{le="1.0"} 2
                vllm:request_prefill_time_seconds_bucket{le="1920.0"} 2
                vllm:request_prefill_time_seconds_bucket{le="7680.0"} 3
                vllm:request_prefill_time_seconds_bucket{le="+Inf"} 3
                vllm:request_prefill_time_seconds_count 3
                vllm:request_prefill_time_seconds_sum 2166.0
                """;
    }

    @ParameterizedTest
    @ValueSource(strings = {"vllm:prefix_cache", "vllm:gpu_prefix_cache"})
    void dividesNoHitsOfOneRankByTheQueriesOfTwo(String family) {
        VllmSnapshot page = Readings.read("""
                FAMILY_hits_total{engine="0"} 30
                FAMILY_queries_total{engine="0"} 40
                FAMILY_queries_total{engine="1"} 60
                """.replace("FAMILY", family));
        assertThat(page.metrics().cache().hitRate()).isNull();
        assertThat(page.provenance().get("cache.hit_rate"))
                .isEqualTo(new Provenance(family + "_hits_total", 1, "hits and queries are not of the same ranks"));
        assertThat(page.byRank().get("0").cache().hitRate()).isEqualTo(30 / 40.0);
    }

    @Test
    void doesNotTakeACountThatIsNotANumberForNoErrors() {
        VllmSnapshot page = Readings.read("""
                vllm:request_success_total{engine="0",finished_reason="error"} NaN
                vllm:request_success_total{engine="0",finished_reason="abort"} 2
                """);
        assertThat(page.request().failureTotal()).isNull();
        assertThat(page.metrics().requests().failed()).isNull();
        assertThat(page.metrics().requests().aborted()).isEqualTo(2);
    }
}
