package io.inferometer.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.inferometer.parser.PageParser;
import io.inferometer.parser.ParseSummary;
import java.io.IOException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FakeEngineTest {
    private static List<String> engines() {
        return FakeEngine.engines();
    }

    @Test
    void saysWhichEnginesThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FakeEngine.start("triton"))
                .withMessage("No fake engine 'triton'; there are llamacpp, ollama, sglang, tgi, vllm.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    vllm     | text/plain; version=1.0.0; charset=utf-8 | length
                    sglang   | text/plain; version=0.0.4; charset=utf-8 | chunks
                    tgi      | text/plain; charset=utf-8                | length
                    llamacpp | text/plain; version=0.0.4                | chunks
                    """)
    void servesPagesWithoutABadLine(String name, String contentType, String framing) throws IOException {
        try (FakeEngine engine = FakeEngine.start(name)) {
            engine.withModel("odd \"name\"\\with\nall")
                    .serve(3)
                    .fail(1)
                    .abort(1)
                    .submit(6);
            try (Response response = Http.get(engine.url() + "/metrics")) {
                assertThat(response.header("Content-Type")).isEqualTo(contentType);
                assertThat(response.header("Content-Length") != null).isEqualTo(framing.equals("length"));
                ParseSummary summary = new PageParser().parse(response.body().bytes(), sample -> {});
                assertThat(summary.skippedLines()).isZero();
                assertThat(summary.samples()).isGreaterThan(10);
            }
        }
    }

    @Test
    void saysAsVllmWhatItDid() throws IOException {
        try (FakeEngine engine = FakeEngine.start("vllm").withModel("m")) {
            engine.serve(3, 100, 11).fail(2).abort(1).submit(6);
            Map<String, Double> page = page(engine);
            Ledger ledger = engine.ledger();
            assertThat(page)
                    .containsEntry("vllm:num_requests_running{engine=0,model_name=m}", 4.0)
                    .containsEntry("vllm:num_requests_waiting{engine=0,model_name=m}", 2.0)
                    .containsEntry("vllm:request_success_total{engine=0,finished_reason=stop,model_name=m}", 3.0)
                    .containsEntry("vllm:request_success_total{engine=0,finished_reason=error,model_name=m}", 2.0)
                    .containsEntry("vllm:request_success_total{engine=0,finished_reason=abort,model_name=m}", 0.0)
                    .containsEntry("vllm:time_to_first_token_seconds_count{engine=0,model_name=m}", 6.0)
                    .containsEntry("vllm:e2e_request_latency_seconds_count{engine=0,model_name=m}", 3.0)
                    .containsEntry("vllm:request_generation_tokens_sum{engine=0,model_name=m}", 33.0)
                    .containsEntry("vllm:request_prompt_tokens_sum{engine=0,model_name=m}", 300.0)
                    .containsEntry(
                            "vllm:generation_tokens_total{engine=0,model_name=m}", (double) ledger.generatedTokens())
                    .containsEntry("vllm:prompt_tokens_total{engine=0,model_name=m}", (double) ledger.promptTokens())
                    .containsKeys("process_start_time_seconds{}", "vllm:prompt_tokens_created{engine=0,model_name=m}");
            assertThat(page.keySet()).anyMatch(key -> key.startsWith("python_info{"));
            assertThat(ledger.aborted()).isEqualTo(1);
        }
    }

    @Test
    void saysOfEachRankWhatItDid() throws IOException {
        try (FakeEngine engine = FakeEngine.start("vllm").withModel("m").withRanks(2)) {
            engine.submit(5);
            Map<String, Double> page = page(engine);
            assertThat(page)
                    .containsEntry("vllm:num_requests_running{engine=0,model_name=m}", 3.0)
                    .containsEntry("vllm:num_requests_running{engine=1,model_name=m}", 2.0);
            assertThat(page.keySet()).noneMatch(key -> key.contains("_created") || key.startsWith("process_"));
            assertThat(engine.ledger(1).running()).isEqualTo(2);
        }
    }

    @Test
    void saysAsTgiWhatItDid() throws IOException {
        try (FakeEngine engine = FakeEngine.start("tgi")) {
            assertThat(Http.bytes(engine.url() + "/metrics")).isEmpty();
            engine.serve(3, 100, 11).fail(2).abort(1).submit(6, 50, 20);
            String text = Http.body(engine.url() + "/metrics");
            assertThat(page(engine))
                    .containsEntry("tgi_request_count{}", 12.0)
                    .containsEntry("tgi_request_success{}", 3.0)
                    .containsEntry("tgi_request_failure{err=generation}", 2.0)
                    .containsEntry("tgi_request_failure{err=dropped}", 1.0)
                    .containsEntry("tgi_batch_current_size{}", 4.0)
                    .containsEntry("tgi_queue_size{}", 2.0)
                    .containsEntry("tgi_batch_current_max_tokens{}", 280.0)
                    .containsEntry("tgi_request_generated_tokens_sum{}", 33.0)
                    .containsEntry("tgi_request_duration_count{}", 3.0);
            assertThat(text).contains("tgi_request_count 12\n\n").doesNotContain("# HELP tgi_request_failure");
            assertThat(Http.body(engine.url() + "/metrics")).isNotEqualTo(text).hasSameSizeAs(text);
            assertThat(json(engine, "/info").path("model_id").asText()).isEqualTo(engine.model());
        }
    }

    @Test
    void saysAsSglangWhatItDid() throws IOException {
        try (FakeEngine engine = FakeEngine.start("sglang").withModel("m").withRanks(2)) {
            assertThat(page(engine).keySet()).noneMatch(key -> key.contains("aborted"));
            engine.serve(3, 100, 11).abort(1).submit(9, 50, 20);
            Ledger ledger = engine.ledger();
            String labels = "engine_type=unified,is_streaming=true,model_name=m}";
            assertThat(page(engine))
                    .containsEntry("sglang:num_running_reqs{dp_rank=0," + rank(), 4.0)
                    .containsEntry("sglang:num_queue_reqs{dp_rank=0," + rank(), 1.0)
                    .containsEntry("sglang:num_requests_total{" + labels, 4.0)
                    .containsEntry("sglang:num_aborted_requests_total{engine_type=unified,model_name=m}", 1.0)
                    .containsEntry("sglang:generation_tokens_total{" + labels, (double) ledger.endedGeneratedTokens())
                    .containsEntry("sglang:e2e_request_latency_seconds_count{" + labels, 3.0);
            JsonNode loads = json(engine, "/v1/loads").path("loads");
            assertThat(loads.size()).isEqualTo(2);
            assertThat(loads.path(0).path("num_running_reqs").asInt()).isEqualTo(4);
            assertThat(loads.path(0).path("num_waiting_reqs").asInt()).isEqualTo(1);
            assertThat(json(engine, "/server_info").path("version").asText()).isEqualTo("0.5.23");
        }
    }

    @Test
    void saysAsLlamaCppWhatItDid() throws IOException {
        try (FakeEngine engine = FakeEngine.start("llamacpp").withSlots(2)) {
            engine.serve(3, 100, 11).submit(3, 50, 20).advance(Duration.ofMillis(100));
            Ledger ledger = engine.ledger();
            assertThat(page(engine))
                    .containsEntry("llamacpp:requests_processing{}", 2.0)
                    .containsEntry("llamacpp:requests_deferred{}", 1.0)
                    .containsEntry("llamacpp:tokens_predicted_total{}", 33.0)
                    .containsEntry("llamacpp:prompt_tokens_total{}", (double)
                            (ledger.promptTokens() - ledger.cachedPromptTokens()))
                    .containsEntry("llamacpp:predicted_tokens_seconds{}", 50.0);
            assertThat(page(engine)).containsEntry("llamacpp:predicted_tokens_seconds{}", 0.0);
            JsonNode slots = json(engine, "/slots");
            assertThat(slots.size()).isEqualTo(2);
            assertThat(slots.path(0)
                            .path("next_token")
                            .path(0)
                            .path("n_decoded")
                            .asInt())
                    .isGreaterThan(0);
            assertThat(json(engine, "/props").path("total_slots").asInt()).isEqualTo(2);
        }
    }

    @Test
    void saysAsOllamaWhatIsLoaded() throws IOException {
        try (FakeEngine engine = FakeEngine.start("ollama").withModel("tiny:1b")) {
            assertThat(Http.body(engine.url() + "/api/ps")).isEqualTo("{\"models\":[]}");
            engine.serve(1);
            JsonNode model = json(engine, "/api/ps").path("models").path(0);
            assertThat(model.path("name").asText()).isEqualTo("tiny:1b");
            assertThat(OffsetDateTime.parse(model.path("expires_at").asText()))
                    .isAfter(OffsetDateTime.now(ZoneOffset.UTC).plusMinutes(4));
            assertThat(json(engine, "/api/tags").path("models").size()).isEqualTo(2);
            assertThat(json(engine, "/api/version").path("version").asText()).isEqualTo("0.33.0");
            try (Response response = Http.get(engine.url() + "/metrics")) {
                assertThat(response.code()).isEqualTo(404);
                assertThat(response.header("Content-Type")).isEqualTo("text/plain");
                assertThat(response.body().string()).isEqualTo("404 page not found");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void refusesWhatItDoesNotKnow(String name) throws IOException {
        try (FakeEngine engine = FakeEngine.start(name);
                Response response = Http.get(engine.url() + "/nowhere")) {
            assertThat(response.code()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void asksForItsToken(String name) throws IOException {
        String path = name.equals("ollama") ? "/api/ps" : "/metrics";
        try (FakeEngine engine = FakeEngine.start(name).withToken("secret")) {
            try (Response without = Http.get(engine.url() + path)) {
                assertThat(without.code()).isEqualTo(401);
            }
            try (Response with = Http.get(engine.url() + path, "Authorization", "Bearer secret")) {
                assertThat(with.code()).isEqualTo(200);
            }
        }
    }

    @Test
    void movesByItselfInRealTime() throws IOException, InterruptedException {
        try (FakeEngine engine = FakeEngine.start("vllm")) {
            engine.withLoad(20).inRealTime();
            long before = engine.ledger().generatedTokens();
            Thread.sleep(700);
            assertThat(engine.ledger().generatedTokens()).isGreaterThan(before);
            assertThat(engine.ledger().submitted()).isBetween(1L, 200L);
        }
    }

    @Test
    void beginsAnewAfterARestart() throws IOException, InterruptedException {
        try (FakeEngine engine = FakeEngine.start("vllm")) {
            engine.serve(2);
            double started = page(engine).get("process_start_time_seconds{}");
            Thread.sleep(5);
            engine.restart();
            assertThat(engine.ledger()).isEqualTo(Ledger.EMPTY);
            assertThat(page(engine).get("process_start_time_seconds{}")).isGreaterThan(started);
        }
    }

    @Test
    void remembersWhatItWasAsked() throws IOException {
        try (FakeEngine engine = FakeEngine.start("tgi")) {
            assertThat(engine.requests()).isZero();
            Http.body(engine.url() + "/info");
            Http.get(engine.url() + "/metrics?a=b", "X-Who", "me").close();
            assertThat(engine.requests()).isEqualTo(2);
            assertThat(engine.paths()).containsExactly("/info", "/metrics?a=b");
            assertThat(engine.lastHeaders().get("X-Who")).isEqualTo("me");
            assertThat(engine.connections()).isBetween(1, 2);
            IntStream.range(0, 1100).forEach(i -> fetch(engine.url() + "/health"));
            assertThat(engine.requests()).isEqualTo(1102);
            assertThat(engine.paths()).hasSize(1000);
        }
    }

    @Test
    void standsManyThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (FakeEngine engine = FakeEngine.start("sglang")) {
            engine.withLoad(10);
            CompletableFuture<?>[] all = IntStream.range(0, 8)
                    .mapToObj(i -> CompletableFuture.runAsync(
                            () -> {
                                for (int n = 0; n < 20; n++) {
                                    engine.advance(Duration.ofMillis(100)).submit(1);
                                    fetch(engine.url() + "/metrics");
                                }
                            },
                            threads))
                    .toArray(CompletableFuture<?>[]::new);
            CompletableFuture.allOf(all).get();
            engine.withLoad(0).drain();
            Ledger ledger = engine.ledger();
            assertThat(ledger.ended()).isEqualTo(ledger.submitted()).isGreaterThanOrEqualTo(160);
            assertThat(engine.requests()).isEqualTo(160);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void speaksHttpsAndAsksForACertificate() throws IOException {
        HeldCertificate certificate = new HeldCertificate.Builder()
                .addSubjectAlternativeName("localhost")
                .addSubjectAlternativeName("127.0.0.1")
                .build();
        HandshakeCertificates both = new HandshakeCertificates.Builder()
                .heldCertificate(certificate)
                .addTrustedCertificate(certificate.certificate())
                .build();
        OkHttpClient client = new OkHttpClient.Builder()
                .sslSocketFactory(both.sslSocketFactory(), both.trustManager())
                .build();
        try (FakeEngine engine = FakeEngine.startWithTls("tgi", both.sslSocketFactory(), true)) {
            assertThat(engine.url()).startsWith("https://");
            Request request =
                    new Request.Builder().url(engine.url() + "/health").build();
            try (Response response = client.newCall(request).execute()) {
                assertThat(response.code()).isEqualTo(200);
                assertThat(response.handshake().localCertificates()).hasSize(1);
            }
        }
    }

    @Test
    void refusesOptionsThatCannotBe() {
        try (FakeEngine engine = FakeEngine.start("vllm")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> engine.withRanks(0))
                    .withMessage("ranks must be 1 or more, but is 0");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> engine.submit(1, 10, 0))
                    .withMessage("generatedTokens must be 1 or more, but is 0");
        }
    }

    @Test
    void fillsItsCacheWithWhatRuns() throws IOException {
        try (FakeEngine engine = FakeEngine.start("vllm").withModel("m")) {
            engine.submit(2, 160, 50);
            // Two prompts of ten blocks each, of 2048 blocks of which one is never used.
            assertThat(page(engine).get("vllm:kv_cache_usage_perc{engine=0,model_name=m}"))
                    .isCloseTo(20 / 2047.0, within(1e-12));
        }
    }

    private static String rank() {
        return "engine_type=unified,model_name=m,moe_ep_rank=0,pp_rank=0,tp_rank=0}";
    }

    private static void fetch(String url) {
        try {
            Http.body(url);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode json(FakeEngine engine, String path) throws IOException {
        return Json.parse(Http.body(engine.url() + path));
    }

    /** Values by name and labels, as core's parser reads them. */
    private static Map<String, Double> page(FakeEngine engine) throws IOException {
        Map<String, Double> values = new LinkedHashMap<>();
        new PageParser().parse(Http.bytes(engine.url() + "/metrics"), sample -> {
            StringBuilder key = new StringBuilder(sample.name()).append('{');
            for (int i = 0; i < sample.labelCount(); i++) {
                key.append(i == 0 ? "" : ",").append(sample.labelName(i));
                key.append('=').append(sample.labelValue(i));
            }
            values.put(key.append('}').toString(), sample.value());
        });
        return values;
    }
}
