package io.inferometer.backend.sglang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.inferometer.Collectors;
import io.inferometer.backend.sglang.SglangSnapshot.RankLoad;
import io.inferometer.backend.sglang.SglangSnapshot.ServerInfo;
import io.inferometer.collect.EngineRefusedException;
import io.inferometer.collect.NotMetricsPageException;
import io.inferometer.snapshot.ModelInfo;
import io.inferometer.snapshot.Provenance;
import io.inferometer.testkit.FakeEngine;
import io.inferometer.testkit.GoldenPage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /v1/loads} and {@code /server_info}, and the collector before a server that speaks HTTP. */
class SglangAnswersTest {
    private static final GoldenPage PAGE = GoldenPage.of("page", """
            sglang:num_running_reqs{model_name="m"} 1
            sglang:num_queue_reqs{model_name="m"} 2
            sglang:num_grammar_queue_reqs{model_name="m"} 4
            sglang:full_token_usage{model_name="m"} 0.5
            sglang:max_total_num_tokens{model_name="m"} 100
            """);

    @Test
    void loadsReplaceTheLoadOfThePage() {
        SglangSnapshot snapshot = PAGE.withAnswer("loads", """
                        {"loads":[
                          {"dp_rank":0,"num_running_reqs":7,"num_waiting_reqs":3,"num_used_tokens":20,"max_total_num_tokens":200},
                          {"dp_rank":1,"num_running_reqs":8,"num_waiting_reqs":0,"num_used_tokens":50,"max_total_num_tokens":200}]}
                        """).readBy(new SglangBackend());

        assertThat(snapshot.metrics().load().requestsRunning()).isEqualTo(15);
        assertThat(snapshot.metrics().load().requestsWaiting()).isEqualTo(3);
        assertThat(snapshot.metrics().cache().kvUsage()).isEqualTo(0.25);
        assertThat(snapshot.metrics().cache().kvCapacityTokens()).isEqualTo(400);
        assertThat(snapshot.provenance())
                .containsEntry("load.requests_running", new Provenance("/v1/loads num_running_reqs", 2, null))
                .containsEntry("load.requests_waiting", new Provenance("/v1/loads num_waiting_reqs", 2, null));
        assertThat(snapshot.system().numRequestsRunning()).isEqualTo(1);
        assertThat(snapshot.loads()).hasSize(2);
        assertThat(snapshot.header().engineVersion()).isNull();
    }

    @Test
    void aNumberThatOneRankLacksStaysThePages() {
        SglangSnapshot snapshot = PAGE.withAnswer("loads", """
                        {"loads":[{"dp_rank":0,"num_running_reqs":7,"num_used_tokens":20,"max_total_num_tokens":0},
                                  {"dp_rank":1,"num_waiting_reqs":8,"num_running_reqs":"many","queues":[1]},
                                  {}, 5, [6], null, {"dp_rank":-1}]}
                        """).readBy(new SglangBackend());

        assertThat(snapshot.metrics().load().requestsRunning()).isEqualTo(1);
        assertThat(snapshot.metrics().load().requestsWaiting()).isEqualTo(6); // 2 + 4
        assertThat(snapshot.metrics().cache().kvUsage()).isEqualTo(0.5);
        assertThat(snapshot.metrics().cache().kvCapacityTokens()).isEqualTo(100);
        assertThat(snapshot.loads())
                .containsExactly(
                        new RankLoad(0L, 7L, null, null, 20L, null, 0L, null, null, null, Map.of()),
                        new RankLoad(1L, null, 8L, null, null, null, null, null, null, null, Map.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "<html>",
                "{\"loads\":[{\"dp_rank\":0",
                "{\"loads\":[",
                "5",
                "sglang_num_running_reqs{dp_rank=\"0\"} 0\n"
            })
    void whatIsNoAnswerCostsOnlyItself(String json) {
        SglangSnapshot snapshot =
                PAGE.withAnswer("loads", json).withAnswer("server_info", json).readBy(new SglangBackend());

        assertThat(snapshot.metrics().load().requestsRunning()).isEqualTo(1);
        assertThat(snapshot.loads()).isEmpty();
        assertThat(snapshot.serverInfo()).isNull();
        assertThat(snapshot.provenance().get("load.requests_running"))
                .isEqualTo(new Provenance("sglang:num_running_reqs", 1, "/v1/loads answered what is not its JSON"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"loads\":[]}", "{\"loads\":{\"a\":1}}", "{\"loads\":null,\"version\":5}"})
    void anAnswerWithoutRanksChangesNothing(String json) {
        SglangSnapshot snapshot = PAGE.withAnswer("loads", json).readBy(new SglangBackend());
        assertThat(snapshot).isEqualTo(PAGE.readBy(new SglangBackend()));
    }

    @Test
    void serverInfoTellsVersionAndContext() {
        SglangSnapshot snapshot = PAGE.withAnswer("server_info", """
                        {"model_path":"/m","served_model_name":"m","context_length":4096,"tp_size":2,"dp_size":1,
                         "max_running_requests":null,"a":[{"version":"no"}],"internal_states":[{"tp_size":9}],
                         "kv_events":{"version":"no"},"version":"0.5.23"}
                        """).readBy(new SglangBackend());

        assertThat(snapshot.header().engineVersion()).isEqualTo("0.5.23");
        assertThat(snapshot.metrics().models()).containsExactly(ModelInfo.named("m", 4096L));
        assertThat(snapshot.serverInfo()).isEqualTo(new ServerInfo("/m", "m", 4096L, null, null, 2L, null, 1L, null));
    }

    @Test
    void serverInfoNamesTheModelWhereThePageDoesNot() {
        GoldenPage nameless = GoldenPage.of("page", "sglang:num_running_reqs 1\n");
        List<ModelInfo> models = nameless.withAnswer("server_info", "{\"model_path\":\"/m\"}")
                .readBy(new SglangBackend())
                .metrics()
                .models();
        assertThat(models).containsExactly(ModelInfo.named("/m", null));

        assertThat(nameless.withAnswer("server_info", "{\"model_path\":7,\"served_model_name\":\"\"}")
                        .readBy(new SglangBackend())
                        .metrics()
                        .models())
                .isEmpty();
    }

    @Test
    void thePageKnowsTheContextBetter() {
        SglangSnapshot snapshot = PAGE.followedBy("sglang:context_len{model_name=\"m\"} 2048\n")
                .withAnswer("server_info", "{\"context_length\":4096}")
                .readBy(new SglangBackend());
        assertThat(snapshot.metrics().models()).containsExactly(ModelInfo.named("m", 2048L));
    }

    @Test
    void aServerIsReadOverHttp() {
        try (FakeEngine engine = FakeEngine.start("sglang").withRanks(2)) {
            engine.serve(3, 100, 20);
            SglangSnapshot snapshot = Collectors.forBackend(new SglangBackend())
                    .withExtra("loads", "server_info")
                    .collect(engine.url());

            assertThat(snapshot.header().engineVersion()).isEqualTo("0.5.23");
            assertThat(snapshot.request().successTotal()).isEqualTo(3);
            assertThat(snapshot.metrics().tokens().prompt()).isEqualTo(300);
            assertThat(snapshot.metrics().tokens().generated()).isEqualTo(60);
            assertThat(snapshot.metrics().load().requestsRunning()).isZero();
            assertThat(snapshot.provenance().get("load.requests_running").family())
                    .isEqualTo("/v1/loads num_running_reqs");
            assertThat(snapshot.byRank()).containsOnlyKeys("0", "1");
            assertThat(engine.paths()).containsExactly("/metrics", "/v1/loads", "/server_info");
        }
    }

    @Test
    void nothingButThePageIsAskedForUnlessTold() {
        try (FakeEngine engine = FakeEngine.start("sglang")) {
            Collectors.forEngine("SGLang").collect(engine.url());
            assertThat(engine.paths()).containsExactly("/metrics");
        }
    }

    @Test
    void aServerWithoutMetricsSaysHowToEnableThem() {
        try (FakeEngine engine = FakeEngine.start("sglang")) {
            engine.failWith(404, "{\"detail\":\"Not Found\"}", "application/json");
            assertThatExceptionOfType(EngineRefusedException.class)
                    .isThrownBy(() -> Collectors.forEngine("sglang").collect(engine.url()))
                    .withMessage(
                            "%s/metrics answered 404 ('{\"detail\":\"Not Found\"}'). SGLang serves its page only when started with --enable-metrics (without it /v1/loads and /server_info answer); else check the URL.",
                            engine.url());
        }
        assertThat(new SglangBackend().remedy(500, "")).isNull();
        assertThat(new SglangBackend().remedyForMissingFamilies()).contains("--enable-metrics");
    }

    @Test
    void anEmptyPageIsAnError() {
        try (FakeEngine engine = FakeEngine.start("sglang")) {
            engine.page(new byte[0], "text/plain; version=0.0.4; charset=utf-8");
            assertThatExceptionOfType(NotMetricsPageException.class)
                    .isThrownBy(() -> Collectors.forEngine("sglang").collect(engine.url()))
                    .withMessageContaining("empty body");
        }
    }
}
