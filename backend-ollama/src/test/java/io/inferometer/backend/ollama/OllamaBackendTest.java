package io.inferometer.backend.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.inferometer.backend.ollama.OllamaSnapshot.AvailableModel;
import io.inferometer.backend.ollama.OllamaSnapshot.LoadedModel;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.ModelInfo;
import io.inferometer.snapshot.Provenance;
import io.inferometer.spi.Endpoint;
import io.inferometer.testkit.GoldenPage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OllamaBackendTest {
    private static final OllamaBackend BACKEND = new OllamaBackend();

    @Test
    void anIdleServerHoldsNothingAndThatIsKnown() {
        OllamaSnapshot idle = recording("idle");
        assertThat(idle.loadedModels()).isEmpty();
        assertThat(idle.availableModels()).isEmpty();
        assertThat(idle.server()).isEqualTo(new OllamaSnapshot.Server("0.33.0", 0, 0L, 0L));
        assertThat(idle.metrics().memory()).isEqualTo(new EngineMetrics.Memory(0L, 0L));
        assertThat(idle.metrics().models()).isEmpty();
        assertThat(idle.header().engineVersion()).isEqualTo("0.33.0");
    }

    @Test
    void whatOllamaTellsNobodyIsAbsent() {
        EngineMetrics metrics = recording("busy").metrics();
        assertThat(metrics.load()).isEqualTo(new EngineMetrics.Load(null, null, null, null, null, null));
        assertThat(metrics.tokens()).isEqualTo(new EngineMetrics.Tokens(null, null, null));
        assertThat(metrics.requests()).isEqualTo(new EngineMetrics.Requests(null, null, null, null, Map.of()));
        assertThat(metrics.latency().endToEnd()).isNull();
    }

    @Test
    void memoryIsTheSumOverTheLoadedModels() {
        OllamaSnapshot busy = recording("busy");
        assertThat(busy.metrics().memory()).isEqualTo(new EngineMetrics.Memory(49_500_000_000L, 37_500_000_000L));
        assertThat(busy.provenance())
                .containsEntry("memory.resident_bytes", new Provenance("/api/ps models[].size", 2, null))
                .containsEntry("memory.vram_bytes", new Provenance("/api/ps models[].size_vram", 2, null));
    }

    @Test
    void modelsAreTheLoadedOnesAndThenTheOthersOnDisk() {
        List<ModelInfo> models = recording("busy").metrics().models();
        assertThat(models)
                .extracting(ModelInfo::name)
                .containsExactly("big:70b", "small:latest", "copy-of-big:latest", "gpt-oss:120b-cloud");
        assertThat(models.get(0))
                .isEqualTo(new ModelInfo(
                        "big:70b",
                        true,
                        32_768L,
                        Instant.MAX,
                        48_000_000_000L,
                        36_000_000_000L,
                        42_520_413_916L,
                        "llama",
                        "70.6B",
                        "Q4_K_M",
                        "d70"));
        assertThat(models.get(3))
                .isEqualTo(new ModelInfo(
                        "gpt-oss:120b-cloud", false, null, null, null, null, 381L, "gptoss", "116.8B", "MXFP4", "c10"));
    }

    @Test
    void aTagThatWasPulledAnewSinceItsModelWasLoadedHasOtherFiles() {
        ModelInfo small = recording("busy").metrics().models().get(1);
        assertThat(small.loaded()).isTrue();
        assertThat(small.diskBytes()).isNull();
    }

    @Test
    void ofTwoTagsOfOneModelItIsNotKnownWhetherTheOtherIsLoaded() {
        ModelInfo copy = recording("busy").metrics().models().get(2);
        assertThat(copy.loaded()).isNull();
        assertThat(copy.diskBytes()).isEqualTo(42_520_413_916L);
    }

    @Test
    void eachLoadedModelIsAPartWhenThereAreTwo() {
        Map<String, EngineMetrics> parts = recording("busy").byModel();
        assertThat(parts).containsOnlyKeys("big:70b", "small:latest");
        assertThat(parts.get("big:70b").memory()).isEqualTo(new EngineMetrics.Memory(48_000_000_000L, 36_000_000_000L));
        assertThat(parts.get("small:latest").models())
                .extracting(ModelInfo::name)
                .containsExactly("small:latest");
        assertThat(recording("bare").byModel()).isEmpty();
    }

    @Test
    void theOwnViewSaysWhatDidNotFitTheGpu() {
        LoadedModel big = recording("busy").loadedModels().get(0);
        assertThat(big.cpuBytes()).isEqualTo(12_000_000_000L);
        assertThat(big.gpuRatio()).isEqualTo(0.75);
        assertThat(big.details())
                .isEqualTo(new OllamaSnapshot.Details(
                        "gguf", "llama", List.of("llama", "mllama"), "70.6B", "Q4_K_M", null, null));
    }

    @Test
    void theOwnViewSaysWhatIsOnDisk() {
        OllamaSnapshot busy = recording("busy");
        assertThat(busy.server())
                .isEqualTo(new OllamaSnapshot.Server("0.33.0-rc2", 2, 4L, 42_520_413_916L * 2 + 994_156_320L + 381));
        AvailableModel big = busy.availableModels().get(0);
        assertThat(big.modifiedAt()).isEqualTo(Instant.parse("2025-11-30T11:00:00.123456789Z"));
        assertThat(big.capabilities()).containsExactly("completion", "tools");
        assertThat(big.details().contextLength()).isEqualTo(131_072);
        assertThat(big.details().embeddingLength()).isEqualTo(8192);
        assertThat(big.isRemote()).isFalse();
        AvailableModel cloud = busy.availableModels().get(3);
        assertThat(cloud.isRemote()).isTrue();
        assertThat(cloud.remoteModel()).isEqualTo("gpt-oss:120b");
        assertThat(cloud.remoteHost()).isEqualTo("https://ollama.com:443");
    }

    @Test
    void withoutTheOptionalAnswersTheRestIsRead() {
        OllamaSnapshot bare = recording("bare");
        assertThat(bare.availableModels()).isNull();
        assertThat(bare.server()).isEqualTo(new OllamaSnapshot.Server(null, 1, null, null));
        assertThat(bare.metrics().models()).extracting(ModelInfo::loaded).containsExactly(true);
        assertThat(bare.provenance()).containsEntry("models", new Provenance("/api/ps models[]", 1, null));
        LoadedModel model = bare.loadedModels().get(0);
        assertThat(model.details().families()).isEmpty();
        assertThat(model.contextLength()).isNull();
        assertThat(model.expiresAt()).isEqualTo(Instant.parse("2026-01-01T00:05:00.1234567Z"));
        assertThat(model.secondsToExpiry()).isEqualTo(300.1234567);
    }

    @Test
    void aKeepAliveWithoutEndNeverExpires() {
        LoadedModel big = recording("busy").loadedModels().get(0);
        assertThat(big.neverExpires()).isTrue();
        assertThat(big.expiresAt()).isEqualTo(Instant.MAX);
        assertThat(big.secondsToExpiry()).isNull();
    }

    @Test
    void aBusyModelMayHaveExpiredAlready() {
        LoadedModel small = recording("busy").loadedModels().get(1);
        assertThat(small.neverExpires()).isFalse();
        assertThat(small.secondsToExpiry()).isEqualTo(-2.25);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-01T00:05:00Z,                300",
        "2026-01-01T00:05:00.5Z,              300.5",
        "2026-01-01T00:05:00.1234567Z,        300.1234567",
        "2026-01-01T00:05:00.12345678Z,       300.12345678",
        "2026-01-01T00:05:00.123456789Z,      300.123456789",
        "2026-01-01T05:35:00.25+05:30,        300.25",
        "2025-12-31T16:05:00-08:00,           300",
        "2025-12-31T23:59:59.5Z,              -0.5",
        "2225-01-01T00:00:00Z,                6279811200",
    })
    void anExpiryIsReadInEveryZoneAndPrecision(String text, double seconds) {
        LoadedModel model = onlyModel("\"expires_at\":\"" + text + "\"");
        assertThat(model.neverExpires()).isFalse();
        assertThat(model.secondsToExpiry()).isEqualTo(seconds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2226-01-01T00:00:00Z", "2319-03-04T05:12:16.62810181Z", "9999-12-31T23:59:59Z"})
    void anExpiryCenturiesAheadIsNever(String text) {
        LoadedModel model = onlyModel("\"expires_at\":\"" + text + "\"");
        assertThat(model.neverExpires()).isTrue();
        assertThat(model.secondsToExpiry()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"0001-01-01T00:00:00Z\"",
                "\"\"",
                "null",
                "0",
                "1767225600",
                "\"tomorrow\"",
                "\"2026-13-01T00:00:00Z\"",
                "{\"at\":1}",
                "[]"
            })
    void anExpiryThatIsNoTimeIsAbsent(String json) {
        LoadedModel model = onlyModel("\"expires_at\":" + json);
        assertThat(model.expiresAt()).isNull();
        assertThat(model.secondsToExpiry()).isNull();
        assertThat(model.neverExpires()).isFalse();
    }

    @Test
    void aModelThatIsStillLoadingHasNothingButItsName() {
        OllamaSnapshot loading = read(
                "{\"models\":[{\"name\":\"a:1\",\"model\":\"a:1\",\"size\":0,\"digest\":\"\",\"details\":{\"parent_model\":\"\",\"format\":\"\",\"family\":\"\",\"families\":null,\"parameter_size\":\"\",\"quantization_level\":\"\"},\"expires_at\":\"0001-01-01T00:00:00Z\",\"size_vram\":0,\"context_length\":0}]}");
        assertThat(loading.metrics().models())
                .containsExactly(new ModelInfo("a:1", true, null, null, 0L, 0L, null, null, null, null, null));
    }

    @Test
    void aSizeOfZeroIsReadAndNoted() {
        OllamaSnapshot snapshot = read(ps("\"size\":0,\"size_vram\":0"));
        assertThat(snapshot.metrics().memory()).isEqualTo(new EngineMetrics.Memory(0L, 0L));
        assertThat(snapshot.provenance())
                .containsEntry(
                        "memory.resident_bytes",
                        new Provenance("/api/ps models[].size", 1, "a loaded model says size 0"));
        assertThat(snapshot.loadedModels().get(0).gpuRatio()).isNull();
        assertThat(snapshot.loadedModels().get(0).cpuBytes()).isEqualTo(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"size\":null",
                ",\"size\":-1",
                ",\"size\":1.5",
                ",\"size\":\"7\"",
                ",\"size\":[7]",
                ",\"size\":9223372036854775808",
                ",\"size\":123456789012345678901234567890"
            })
    void aSumOfWhichOnePartIsMissingIsAbsent(String size) {
        OllamaSnapshot snapshot =
                read("{\"models\":[{\"name\":\"a\",\"size\":5,\"size_vram\":4},{\"name\":\"b\",\"size_vram\":3" + size
                        + "}]}");
        assertThat(snapshot.metrics().memory()).isEqualTo(new EngineMetrics.Memory(null, 7L));
        assertThat(snapshot.provenance())
                .containsEntry(
                        "memory.resident_bytes",
                        new Provenance("/api/ps models[].size", 2, "not said of every loaded model"));
    }

    @Test
    void aSumThatNoLongHoldsIsAbsent() {
        OllamaSnapshot snapshot = read("{\"models\":[{\"name\":\"a\",\"size\":9000000000000000000,\"size_vram\":1},"
                + "{\"name\":\"b\",\"size\":9000000000000000000,\"size_vram\":2}]}");
        assertThat(snapshot.loadedModels().get(1).sizeBytes()).isEqualTo(9_000_000_000_000_000_000L);
        assertThat(snapshot.metrics().memory()).isEqualTo(new EngineMetrics.Memory(null, 3L));
    }

    @Test
    void aShareOfTheGpuAboveOneIsNone() {
        LoadedModel model = onlyModel("\"size\":5,\"size_vram\":6");
        assertThat(model.gpuRatio()).isNull();
        assertThat(model.cpuBytes()).isNull();
    }

    @Test
    void unknownFieldsAnywhereAreSkipped() {
        OllamaSnapshot snapshot = read("{\"next\":{\"models\":[{\"name\":\"no\"}]},\"models\":[{\"extra\":[[{}]],"
                + "\"name\":\"a\",\"details\":{\"x\":{\"family\":\"no\"},\"family\":\"llama\"}}],\"more\":1}");
        assertThat(snapshot.loadedModels()).extracting(LoadedModel::name).containsExactly("a");
        assertThat(snapshot.loadedModels().get(0).details().family()).isEqualTo("llama");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "7", "\"llama\"", "[\"llama\"]"})
    void detailsOfAnotherKindAreAbsent(String details) {
        LoadedModel model = onlyModel("\"details\":" + details);
        assertThat(model.details())
                .isEqualTo(new OllamaSnapshot.Details(null, null, List.of(), null, null, null, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "null               | ``",
                "[]                 | ``",
                "\"llama\"          | ``",
                "[\"a\",\"b\"]      | a b",
                "[null,\"a\",1,[\"x\"],{\"y\":1},\"\"] | a",
            })
    void familiesAreTheTextsInTheList(String json, String expected) {
        List<String> families =
                onlyModel("\"details\":{\"families\":" + json + "}").details().families();
        assertThat(String.join(" ", families)).isEqualTo(expected);
    }

    @Test
    void aLongListIsReadUpToItsBound() {
        String words = String.join(
                ",",
                IntStream.range(0, OllamaJson.LIST_MAX + 1)
                        .mapToObj(i -> "\"f" + i + "\"")
                        .toList());
        assertThat(onlyModel("\"details\":{\"families\":[" + words + "]}")
                        .details()
                        .families())
                .hasSize(OllamaJson.LIST_MAX)
                .endsWith("f" + (OllamaJson.LIST_MAX - 1));
    }

    @Test
    void ofAFieldThatStandsTwiceTheLastCounts() {
        assertThat(onlyModel("\"size\":1,\"size\":2").sizeBytes()).isEqualTo(2);
        assertThat(read("{\"models\":[{\"name\":\"a\"}],\"models\":[{\"name\":\"b\"}]}")
                        .loadedModels())
                .extracting(LoadedModel::name)
                .containsExactly("b");
    }

    @Test
    void aModelListedTwiceCountsTwiceAndIsOnePart() {
        OllamaSnapshot snapshot = read("{\"models\":[{\"name\":\"a\",\"size\":1,\"size_vram\":0},"
                + "{\"name\":\"b\",\"size\":2,\"size_vram\":0},{\"name\":\"a\",\"size\":4,\"size_vram\":0}]}");
        assertThat(snapshot.metrics().memory().residentBytes()).isEqualTo(7);
        assertThat(snapshot.byModel()).containsOnlyKeys("a", "b");
        assertThat(snapshot.byModel().get("a").memory().residentBytes()).isEqualTo(5);
    }

    @Test
    void anEntryWithoutANameIsLeftOut() {
        OllamaSnapshot snapshot = read("{\"models\":[{\"size\":1},7,null,[{\"name\":\"x\"}],{\"model\":\"a\"}]}");
        assertThat(snapshot.loadedModels()).extracting(LoadedModel::name).containsExactly("a");
        OllamaSnapshot onDisk = readWithTags("{\"models\":[{\"size\":1},{\"name\":\"b\"}]}");
        assertThat(onDisk.availableModels()).extracting(AvailableModel::name).containsExactly("b");
    }

    @Test
    void anOptionalAnswerThatIsNoneLeavesWhatItWouldHaveSaidAbsent() {
        OllamaSnapshot snapshot = GoldenPage.withoutPage("broken")
                .withAnswer("ps", "{\"models\":[]}")
                .withAnswer("tags", "{\"models\":[{")
                .withAnswer("version", "<html>")
                .readBy(BACKEND);
        assertThat(snapshot.availableModels()).isNull();
        assertThat(snapshot.header().engineVersion()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                        | expected a JSON object, found nothing",
                "[]                        | expected a JSON object, found START_ARRAY",
                "\"models\"                | expected a JSON object, found VALUE_STRING",
                "{}                        | the object has no list 'models'",
                "{\"models\":{}}           | the object has no list 'models'",
                "{\"models\":7}            | the object has no list 'models'",
                "{\"error\":\"no\"}        | the object has no list 'models'",
                "404 page not found        | expected a JSON object, found VALUE_NUMBER_INT",
                "{\"models\":[]} {}        | expected the end after the JSON object, found START_OBJECT",
            })
    void anAnswerThatIsNotTheListIsAnError(String json, String message) {
        assertThatIOException().isThrownBy(() -> models(json)).withMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<html>                    | line 1, column 1: Unexpected character ('<' (code 60))",
                "{\"models\":[{\"name\":\"a | line 1, column ",
                "{\"models\":[{\"name\":\"a\"},  | line 1, column ",
            })
    void anAnswerThatIsNotJsonIsAnErrorThatSaysWhere(String json, String beginning) {
        assertThatIOException()
                .isThrownBy(() -> models(json))
                .withMessageStartingWith(beginning)
                .withMessageNotContaining("\n");
    }

    @Test
    void depthIsBounded() throws IOException {
        int inside = OllamaJson.DEPTH_MAX - 1;
        assertThat(models("{\"x\":" + "[".repeat(inside) + "]".repeat(inside) + ",\"models\":[]}"))
                .isEmpty();
        assertThatIOException()
                .isThrownBy(
                        () -> models("{\"x\":" + "[".repeat(inside + 1) + "]".repeat(inside + 1) + ",\"models\":[]}"))
                .withMessageContaining("nesting depth (65) exceeds the maximum allowed (64");
    }

    @Test
    void lengthIsBounded() throws IOException {
        String longest = "x".repeat(OllamaJson.TEXT_MAX);
        assertThat(models("{\"models\":[{\"name\":\"" + longest + "\"}]}")
                        .get(0)
                        .shownName())
                .hasSize(OllamaJson.TEXT_MAX);
        assertThatIOException()
                .isThrownBy(() -> models("{\"models\":[{\"name\":\"" + longest.repeat(3) + "\"}]}"))
                .withMessageContaining("exceeds the maximum allowed");
    }

    @Test
    void theNumberOfModelsIsBounded() throws IOException {
        String most = "{},".repeat(OllamaJson.MODELS_MAX - 1) + "{}";
        assertThat(models("{\"models\":[" + most + "]}")).hasSize(OllamaJson.MODELS_MAX);
        assertThatIOException()
                .isThrownBy(() -> models("{\"models\":[" + most + ",{}]}"))
                .withMessage("more than 2000 models");
    }

    @Test
    void aRequiredAnswerThatIsNoneFailsTheScrape() {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> read("{}"))
                .withRootCauseInstanceOf(IOException.class);
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> GoldenPage.withoutPage("none").readBy(BACKEND))
                .havingCause()
                .withMessage("there is no answer of /api/ps");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"models\":[]}                 | true",
                "{\"models\":null}               | true",
                "{\"x\":{\"y\":1},\"models\":[{  | true",
                "{\"models\":{}}                 | false",
                "{\"data\":[]}                   | false",
                "{}                              | false",
                "[]                              | false",
                "{\"mod                          | false",
                "404 page not found              | false",
                "``                              | false",
            })
    void aListOfModelsShowsOllama(String answer, boolean expected) {
        assertThat(BACKEND.recognizesJson(utf8(answer))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"version\":\"0.33.0\"}  | 0.33.0",
                "{\"version\":\" 0.1 \",\"x\":[]} | 0.1",
                "{\"version\":7}           |",
                "{\"version\":\"\"}        |",
                "{}                        |",
                "[]                        |",
                "{\"version\":\"0.3        |",
            })
    void theVersionIsTheTextInItsField(String answer, String expected) {
        OllamaSnapshot snapshot = GoldenPage.withoutPage("version")
                .withAnswer("ps", "{\"models\":[]}")
                .withAnswer("version", answer)
                .readBy(BACKEND);
        assertThat(snapshot.header().engineVersion()).isEqualTo(expected);
        assertThat(snapshot.server().version()).isEqualTo(expected);
    }

    @Test
    void aMetricsPageIsReadWhereOneAnswers() {
        OllamaSnapshot snapshot = recording("metrics-page");
        assertThat(snapshot.serverMetrics())
                .isEqualTo(new OllamaSnapshot.ServerMetrics(
                        3L,
                        512L,
                        2L,
                        1550L,
                        825L,
                        124.75,
                        9.5,
                        11.25,
                        80.75,
                        49_000_000_000L,
                        Map.of("200", 42L, "503", 4L)));
        assertThat(snapshot.metrics().load().requestsWaiting()).isEqualTo(3);
        assertThat(snapshot.metrics().load().requestsRunning()).isNull();
        assertThat(snapshot.metrics().tokens()).isEqualTo(new EngineMetrics.Tokens(1550L, 825L, null));
        assertThat(snapshot.metrics().memory().residentBytes()).isEqualTo(49_500_000_000L);
        assertThat(snapshot.provenance())
                .containsEntry("load.requests_waiting", new Provenance("ollama_requests_queued", 1, null))
                .containsEntry("tokens.prompt", new Provenance("ollama_prompt_eval_total", 3, null));
    }

    @Test
    void aMetricsPageSaysTheVersionAndWhenTheServerStarted() {
        OllamaSnapshot snapshot = recording("metrics-page");
        assertThat(snapshot.header().engineVersion()).isEqualTo("0.40.1");
        assertThat(snapshot.header().startedAt()).isEqualTo(Instant.ofEpochSecond(1_767_000_000));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ollama_build_info{version=\"1\"} 1                                      | ",
                "ollama_build_info 1e300                                                 | ",
                "ollama_build_info 200000000000                                          | ",
                "ollama_requests_queued 1                                                | ",
                "ollama_build_info 1700000000                                            | 1700000000",
            })
    void aStartThatIsNoTimeIsAbsent(String page, Long expected) {
        OllamaSnapshot snapshot = GoldenPage.of("start", page + "\n")
                .withAnswer("ps", "{\"models\":[]}")
                .readBy(BACKEND);
        assertThat(snapshot.header().startedAt()).isEqualTo(expected == null ? null : Instant.ofEpochSecond(expected));
    }

    @Test
    void theProcessStartTimeWinsOverTheBuildInfo() {
        OllamaSnapshot snapshot = GoldenPage.of(
                        "start", "ollama_build_info{version=\"\"} 1700000000\nprocess_start_time_seconds 1700000005\n")
                .withAnswer("ps", "{\"models\":[]}")
                .readBy(BACKEND);
        assertThat(snapshot.header().startedAt()).isEqualTo(Instant.ofEpochSecond(1_700_000_005));
        assertThat(snapshot.header().engineVersion()).isNull();
    }

    @Test
    void thePartsJoinThePageAndTheListOfModels() {
        Map<String, EngineMetrics> parts = recording("metrics-page").byModel();
        assertThat(parts).containsOnlyKeys("big:70b", "small:latest");
        assertThat(parts.get("big:70b").tokens()).isEqualTo(new EngineMetrics.Tokens(1500L, 800L, null));
        assertThat(parts.get("big:70b").memory().residentBytes()).isEqualTo(48_000_000_000L);
        assertThat(parts.get("small:latest").tokens()).isEqualTo(new EngineMetrics.Tokens(50L, 25L, null));
        assertThat(parts.get("small:latest").load().requestsWaiting()).isNull();
    }

    @Test
    void aModelThatIsOnThePageButNoLongerLoadedIsAPartWithoutMemory() {
        OllamaSnapshot snapshot = GoldenPage.of(
                        "gone", "ollama_eval_total{model=\"a\"} 5\nollama_eval_total{model=\"b\"} 6\n")
                .withAnswer("ps", ps("\"size\":1,\"size_vram\":0"))
                .readBy(BACKEND);
        assertThat(snapshot.byModel()).containsOnlyKeys("a", "b");
        assertThat(snapshot.byModel().get("b").tokens().generated()).isEqualTo(6);
        assertThat(snapshot.byModel().get("b").models()).isEmpty();
        assertThat(snapshot.byModel().get("b").memory()).isEqualTo(new EngineMetrics.Memory(null, null));
    }

    @Test
    void theOlderProposalsNamesAreReadToo() {
        OllamaSnapshot snapshot =
                GoldenPage.of("11159", """
                        ollama_total_duration_total{model="a",reason="stop"} 10
                        ollama_load_duration_total{model="a",reason="stop"} 1
                        ollama_prompt_eval_duration_total{model="a",reason="stop"} 2
                        ollama_eval_duration_total{model="a",reason="stop"} 6.5
                        """).withAnswer("ps", "{\"models\":[]}").readBy(BACKEND);
        assertThat(snapshot.serverMetrics())
                .isEqualTo(new OllamaSnapshot.ServerMetrics(
                        null, null, null, null, null, 10.0, 1.0, 2.0, 6.5, null, Map.of()));
    }

    @Test
    void rawSamplesAreThoseOfThePage() {
        GoldenPage page = GoldenPage.resource(OllamaBackendTest.class, "recordings/metrics-page");
        assertThat(page.withRawMetrics().readBy(BACKEND).rawMetrics())
                .extracting(sample -> sample.name())
                .contains("ollama_requests_queued", "ollama_eval_total")
                .doesNotContain("process_resident_memory_bytes", "http_requests_total");
        assertThat(GoldenPage.resource(OllamaBackendTest.class, "recordings/busy")
                        .withRawMetrics()
                        .readBy(BACKEND)
                        .rawMetrics())
                .isEmpty();
    }

    @Test
    void aForbiddenAnswerWithoutAWordIsExplained() {
        assertThat(BACKEND.remedy(403, ""))
                .isEqualTo("Ollama answers so to a host name that it does not know: ask by its IP address or as"
                        + " localhost, or set OLLAMA_HOST where it runs. Any other server wants credentials:"
                        + " withBearerToken(...).");
        assertThat(BACKEND.remedy(403, "forbidden")).isNull();
        assertThat(BACKEND.remedy(404, "")).isNull();
    }

    @Test
    void theListComesFirstAndTheRestIsOptional() {
        assertThat(BACKEND.endpoints())
                .containsExactly(
                        Endpoint.json("ps", "/api/ps", Endpoint.Need.REQUIRED),
                        Endpoint.json("tags", "/api/tags", Endpoint.Need.OPTIONAL),
                        Endpoint.json("version", "/api/version", Endpoint.Need.OPTIONAL),
                        new Endpoint("metrics", "/metrics", Endpoint.Content.METRICS, Endpoint.Need.OPTIONAL));
    }

    private static OllamaSnapshot recording(String name) {
        return GoldenPage.resource(OllamaBackendTest.class, "recordings/" + name)
                .readBy(BACKEND);
    }

    private static LoadedModel onlyModel(String fields) {
        List<LoadedModel> models = read(ps(fields)).loadedModels();
        assertThat(models).hasSize(1);
        return models.get(0);
    }

    private static String ps(String fields) {
        return "{\"models\":[{\"name\":\"a\"," + fields + "}]}";
    }

    private static OllamaSnapshot read(String ps) {
        return GoldenPage.withoutPage("ps").withAnswer("ps", ps).readBy(BACKEND);
    }

    private static OllamaSnapshot readWithTags(String tags) {
        return GoldenPage.withoutPage("tags")
                .withAnswer("ps", "{\"models\":[]}")
                .withAnswer("tags", tags)
                .readBy(BACKEND);
    }

    private static List<ModelEntry> models(String json) throws IOException {
        return OllamaJson.models(utf8(json));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
