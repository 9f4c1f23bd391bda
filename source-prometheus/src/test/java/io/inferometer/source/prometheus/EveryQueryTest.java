package io.inferometer.source.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inferometer.Collectors;
import io.inferometer.saturation.ReplicaMetrics;
import io.inferometer.spi.EngineBackend;
import io.inferometer.spi.ReplicaValue;
import io.inferometer.testkit.FakeEngine;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What real servers answer to the queries: of every engine, under every name, and to names that want to be queries. */
@Tag("servers")
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class EveryQueryTest {
    private static final String MODEL = "the/model";
    private static final String CONTENT_TYPE = "text/plain; version=0.0.4";
    private static final String WILD = "quote\" back\\slash } brace\nline{x=\"y\"} or up #";

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @ParameterizedTest
    @EnumSource(MetricsServer.Kind.class)
    void hasData(MetricsServer.Kind kind) {
        List<FakeEngine> engines = new ArrayList<>();
        List<MetricsServer.Scraped> scraped = new ArrayList<>();
        for (String name : List.of("vllm", "sglang", "tgi", "llamacpp")) {
            FakeEngine engine = engine(name, MODEL).serve(20, 50, 10);
            engines.add(engine);
            scraped.add(new MetricsServer.Scraped(engine, Map.of("model", MODEL, "namespace", "prod")));
        }
        MetricsServer server = opened(MetricsServer.start(kind, scraped));
        server.awaitScrapes();
        engines.forEach(engine -> engine.serve(5, 300, 20));
        server.awaitScrapes();
        PrometheusClient client = opened(new PrometheusClient(PrometheusOptions.of(server.url())));

        Set<String> untold = new TreeSet<>();
        for (FakeEngine engine : engines) {
            for (PrometheusQueries.Query query : queries(engine.engine())) {
                List<PrometheusSeries> found =
                        client.query(query.text(), Instant.now()).series();
                assertThat(found).as(engine.engine() + " " + query.text()).isNotEmpty();
                Set<String> told = values(found);
                query.group().fields().stream()
                        .filter(value -> knows(engine, value) && !told.contains(value.word()))
                        .forEach(value -> untold.add(engine.engine() + " " + value.word()));
            }
        }
        assertThat(untold).containsExactly("llamacpp kv_cache_usage"); // Builds of today do not print it any more.
    }

    /** Those that are sent for an engine of today. What SGLang's labels tell is on other pages, below. */
    private static List<PrometheusQueries.Query> queries(String engine) {
        EngineBackend<?> backend = Objects.requireNonNull(Collectors.backends().get(engine));
        List<PrometheusQueries.Query> queries = PrometheusQueries.of(backend, ServerContract.QUERIES, MODEL, "prod");
        assertThat(queries)
                .extracting(PrometheusQueries.Query::group)
                .contains(QueryGroup.FRESHNESS, QueryGroup.LOAD, QueryGroup.RATES, QueryGroup.UP);
        return queries.stream()
                .filter(query -> !query.purpose().contains("spelled like"))
                .filter(query -> query.group() != QueryGroup.DESCRIPTION || !engine.equals("sglang"))
                .toList();
    }

    private static boolean knows(FakeEngine engine, ReplicaValue value) {
        return Objects.requireNonNull(Collectors.backends().get(engine.engine()))
                .replicaTable()
                .formulas()
                .containsKey(value);
    }

    @ParameterizedTest
    @EnumSource(MetricsServer.Kind.class)
    void readsWhatLabelsAndSettingsTell(MetricsServer.Kind kind) {
        FakeEngine sglang = page(
                "sglang:num_running_reqs{model_name=\"the/model\",tp_rank=\"0\",pp_rank=\"0\"} 1",
                "sglang:num_queue_reqs{model_name=\"the/model\",tp_rank=\"0\",pp_rank=\"0\"} 0",
                "sglang:max_running_requests{model_name=\"the/model\",tp_rank=\"0\",pp_rank=\"0\"} 48");
        FakeEngine asleep = page(
                "vllm:num_requests_running{model_name=\"the/model\",engine=\"0\"} 0",
                "vllm:engine_sleep_state{model_name=\"the/model\",engine=\"0\",sleep_state=\"awake\"} 0",
                "vllm:engine_sleep_state{model_name=\"the/model\",engine=\"0\",sleep_state=\"weights_offloaded\"} 1",
                "vllm:lora_requests_info{max_lora=\"4\",running_lora_adapters=\"sql,chat\",waiting_lora_adapters=\"\"} 1");
        MetricsServer server = opened(MetricsServer.start(kind, List.of(scraped(sglang, "s"), scraped(asleep, "v"))));
        server.awaitScrapes();

        Map<String, ReplicaMetrics> replicas = byId(collector(server).fetch(MODEL));

        ReplicaMetrics awake = Objects.requireNonNull(replicas.get("s"));
        assertThat(awake.maxBatchSize()).isEqualTo(48);
        assertThat(awake.ready()).isTrue();
        assertThat(awake.queueDepth()).isZero(); // The queues that this version does not print count as nothing.
        ReplicaMetrics sleeper = Objects.requireNonNull(replicas.get("v"));
        assertThat(sleeper.ready()).isFalse();
        assertThat(sleeper.queueDepth()).isNull(); // Not printed, and so not known.
        assertThat(String.valueOf(sleeper.loraAdapters()))
                .contains("sql")
                .contains("chat")
                .contains("4");
    }

    @ParameterizedTest
    @EnumSource(MetricsServer.Kind.class)
    void findsOldNamesAndNewOnesAndNeverAddsThem(MetricsServer.Kind kind) {
        String label = "{model_name=\"the/model\",engine=\"0\"} ";
        FakeEngine old = page(
                "vllm:num_requests_running{model_name=\"the/model\"} 1",
                "vllm:num_requests_waiting{model_name=\"the/model\"} 2",
                "vllm:gpu_cache_usage_perc{model_name=\"the/model\"} 0.25");
        FakeEngine both = page(
                "vllm:num_requests_running" + label + "3",
                "vllm:num_requests_waiting" + label + "4",
                "vllm:gpu_cache_usage_perc" + label + "0.75",
                "vllm:kv_cache_usage_perc" + label + "0.5");
        FakeEngine underscores = page(
                "vllm_num_requests_running" + label + "5",
                "vllm_num_requests_waiting" + label + "6",
                "vllm_kv_cache_usage_perc" + label + "0.125");
        FakeEngine ray =
                page("ray_vllm_num_requests_running" + label + "9", "ray_vllm_num_requests_waiting" + label + "10");
        FakeEngine triton = page(
                "vllm:num_requests_running{model=\"the/model\"} 7",
                "vllm:num_requests_waiting{model=\"the/model\"} 8",
                "vllm:gpu_cache_usage_perc{model=\"the/model\"} 0.0625");
        MetricsServer server = opened(MetricsServer.start(
                kind,
                List.of(
                        scraped(old, "old"),
                        scraped(both, "both"),
                        scraped(underscores, "underscores"),
                        scraped(ray, "ray"),
                        scraped(triton, "triton"))));
        server.awaitScrapes();

        Map<String, ReplicaMetrics> replicas = byId(collector(server).fetch(MODEL));

        assertThat(replicas.keySet()).containsExactlyInAnyOrder("old", "both", "underscores", "ray", "triton");
        assertLoad(replicas.get("old"), 1, 2, 0.25);
        assertLoad(replicas.get("both"), 3, 4, 0.5); // The newer name's, not the sum and not the greater.
        assertLoad(replicas.get("underscores"), 5, 6, 0.125);
        assertLoad(replicas.get("triton"), 7, 8, 0.0625);
        assertThat(Objects.requireNonNull(replicas.get("ray")).queueDepth()).isEqualTo(10);
    }

    @ParameterizedTest
    @EnumSource(MetricsServer.Kind.class)
    void keepsAnotherEngineOfTheSameModelApart(MetricsServer.Kind kind) {
        FakeEngine vllm = engine("vllm", MODEL).submit(9);
        FakeEngine sglang = engine("sglang", MODEL).submit(5);
        FakeEngine tgi = engine("tgi", MODEL).submit(3);
        MetricsServer server = opened(MetricsServer.start(
                kind,
                List.of(
                        scraped(vllm, "v"),
                        scraped(sglang, "s"),
                        new MetricsServer.Scraped(tgi, Map.of("pod", "t", "model", MODEL)))));
        server.awaitScrapes();

        Map<String, ReplicaMetrics> replicas = byId(collector(server).fetch(MODEL));

        assertThat(replicas.keySet()).containsExactlyInAnyOrder("v", "s", "t");
        for (Map.Entry<String, FakeEngine> one :
                Map.of("v", vllm, "s", sglang, "t", tgi).entrySet()) {
            ReplicaMetrics replica = Objects.requireNonNull(replicas.get(one.getKey()));
            assertThat(replica.engine()).isEqualTo(one.getValue().engine());
            assertThat(replica.running()).isEqualTo(one.getValue().ledger().running());
            assertThat(replica.queueDepth()).isEqualTo(one.getValue().ledger().waiting());
        }
    }

    @ParameterizedTest
    @EnumSource(MetricsServer.Kind.class)
    void takesAWildNameForNothingButAName(MetricsServer.Kind kind) {
        FakeEngine wild = page(
                "vllm:num_requests_running{model_name=\"quote\\\" back\\\\slash } brace\\nline{x=\\\"y\\\"} or up #\"} 3");
        FakeEngine tame = page("vllm:num_requests_running{model_name=\"the/model\"} 4");
        MetricsServer server = opened(MetricsServer.start(kind, List.of(scraped(wild, "wild"), scraped(tame, "tame"))));
        server.awaitScrapes();
        PrometheusSaturationCollector collector = collector(server);

        List<ReplicaMetrics> found = collector.fetch(WILD);

        assertThat(found).extracting(ReplicaMetrics::replicaId).containsExactly("wild");
        assertThat(found.get(0).running()).isEqualTo(3);
        assertThat(found.get(0).model()).isEqualTo(WILD);
        for (String name : List.of(
                "",
                ".*",
                "x\"} or vllm:num_requests_running{model_name=~\".+",
                "x\\",
                "x\"})) or up #",
                "the/model\n")) {
            assertThat(collector.fetch(name)).as(name).isEmpty();
            assertThat(collector.fetch(MODEL, name.isEmpty() ? "none" : name))
                    .as(name)
                    .isEmpty();
        }
    }

    private static void assertLoad(ReplicaMetrics replica, long running, long waiting, double usage) {
        assertThat(replica.running()).isEqualTo(running);
        assertThat(replica.queueDepth()).isEqualTo(waiting);
        assertThat(replica.kvCacheUsage()).isCloseTo(usage, within(1e-9));
    }

    private static Set<String> values(List<PrometheusSeries> found) {
        return found.stream()
                .map(series -> series.labels().getOrDefault(EngineQueries.VALUE, ""))
                .collect(java.util.stream.Collectors.toSet());
    }

    static Map<String, ReplicaMetrics> byId(List<ReplicaMetrics> replicas) {
        return replicas.stream()
                .collect(java.util.stream.Collectors.toMap(ReplicaMetrics::replicaId, replica -> replica));
    }

    private static MetricsServer.Scraped scraped(FakeEngine engine, String pod) {
        return new MetricsServer.Scraped(engine, Map.of("pod", pod));
    }

    private FakeEngine engine(String name, String model) {
        return opened(FakeEngine.start(name)).withModel(model).withSlots(2);
    }

    private FakeEngine page(String... lines) {
        byte[] page = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        return opened(FakeEngine.start("vllm")).page(page, CONTENT_TYPE);
    }

    private PrometheusSaturationCollector collector(MetricsServer server) {
        return opened(PrometheusSaturationCollector.of(PrometheusOptions.of(server.url()), ServerContract.settings()));
    }

    private <T extends AutoCloseable> T opened(T one) {
        open.add(one);
        return one;
    }
}
