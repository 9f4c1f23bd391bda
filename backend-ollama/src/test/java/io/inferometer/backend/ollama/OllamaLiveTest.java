package io.inferometer.backend.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inferometer.backend.ollama.OllamaSnapshot.LoadedModel;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.ModelInfo;
import io.inferometer.testkit.GoldenPage;
import io.inferometer.testkit.SharedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Captures of real servers: Ollama 0.33.0-rc2, and 0.13.5 where the file's name says so. */
class OllamaLiveTest {
    private static final OllamaBackend BACKEND = new OllamaBackend();
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void aFreshServerHoldsNothing() throws IOException {
        for (String file : List.of("03-ps-empty", "11-ps-none-loaded")) {
            OllamaSnapshot snapshot = read(file);
            assertThat(snapshot.loadedModels()).as(file).isEmpty();
            assertThat(snapshot.metrics().memory()).as(file).isEqualTo(new EngineMetrics.Memory(0L, 0L));
        }
        OllamaSnapshot withTags = readWith("03-ps-empty", "02-tags-empty");
        assertThat(withTags.availableModels()).isEmpty();
        assertThat(withTags.header().engineVersion()).isEqualTo("0.33.0-rc2");
    }

    @Test
    void whatIsOnDiskAndNotLoadedIsListedSo() throws IOException {
        assertThat(readWith("11-ps-none-loaded", "09-tags").metrics().models())
                .containsExactly(
                        onDisk(
                                "tmol:135m",
                                98_362_760,
                                "e34c6289df831c96ecb5c7b82b064e7bdcf7ea71b14b8c33cb60343d74f766a6"),
                        onDisk(
                                "smol:latest",
                                98_362_760,
                                "9d999ce247667d3ca403e7b96c7edf27e5a93898504296054b674b76554c36cc"));
        assertThat(readWith("11-ps-none-loaded", "0.13.5-09-tags").availableModels())
                .extracting(model -> model.name() + " " + model.diskBytes() + " " + model.capabilities() + " "
                        + model.details().contextLength())
                .containsExactly("tmol:135m 98363022 [] null", "smol:latest 98363022 [] null");
        assertThat(readWith("11-ps-none-loaded", "09-tags").availableModels())
                .extracting(
                        model -> model.capabilities() + " " + model.details().contextLength() + " "
                                + model.details().embeddingLength())
                .containsExactly("[completion] 8192 576", "[completion] 8192 576");
    }

    @Test
    void aLoadedModelIsThereWithItsMemory() throws IOException {
        OllamaSnapshot snapshot = readWith("14-ps-loaded", "09-tags");
        assertThat(snapshot.metrics().models().get(0))
                .isEqualTo(new ModelInfo(
                        "smol:latest",
                        true,
                        2048L,
                        Instant.parse("2026-11-22T05:29:57.797875215Z"),
                        160_222_411L,
                        0L,
                        98_362_760L,
                        "llama",
                        "134.52M",
                        "Q4_1",
                        "9d999ce247667d3ca403e7b96c7edf27e5a93898504296054b674b76554c36cc"));
        assertThat(snapshot.metrics().models()).extracting(ModelInfo::name).containsExactly("smol:latest", "tmol:135m");
        assertThat(snapshot.metrics().memory()).isEqualTo(new EngineMetrics.Memory(160_222_411L, 0L));
        assertThat(snapshot.loadedModels().get(0).gpuRatio()).isEqualTo(0.0);
        assertThat(read("0.13.5-14-ps-loaded").metrics().memory())
                .isEqualTo(new EngineMetrics.Memory(143_762_688L, 0L));
    }

    @Test
    void twoLoadedModelsAreSummedAndToldApart() throws IOException {
        OllamaSnapshot two = read("28c-ps-two");
        assertThat(two.metrics().memory()).isEqualTo(new EngineMetrics.Memory(135_580_875L + 160_222_411L, 0L));
        assertThat(two.byModel()).containsOnlyKeys("tmol:135m", "smol:latest");
        assertThat(two.byModel().get("tmol:135m").memory().residentBytes()).isEqualTo(135_580_875L);
        assertThat(two.loadedModels().get(0).neverExpires()).isTrue();
        assertThat(two.loadedModels().get(1).neverExpires()).isFalse();
        assertThat(two.loadedModels()).extracting(LoadedModel::contextLength).containsExactly(1024L, 2048L);
    }

    @Test
    void aModelKeptForEverNeverExpires() throws IOException {
        for (String file : List.of("23b-ps-keepalive-forever", "0.13.5-23b-ps-keepalive-forever")) {
            LoadedModel model = read(file).loadedModels().get(0);
            assertThat(model.neverExpires()).as(file).isTrue();
            assertThat(model.secondsToExpiry()).as(file).isNull();
        }
    }

    @Test
    void aLoadingModelShowsOnlyOnceItIsLoaded() throws IOException {
        List<OllamaSnapshot> polls = polls("13-ps-while-loading");
        assertThat(polls.get(0).loadedModels()).isEmpty();
        assertThat(polls.subList(1, polls.size())).hasSizeGreaterThan(3).allSatisfy(poll -> {
            assertThat(poll.loadedModels()).extracting(LoadedModel::name).containsExactly("smol:latest");
            assertThat(poll.metrics().memory().residentBytes()).isEqualTo(160_222_411L);
        });
    }

    @Test
    void anExpiredModelIsGone() throws IOException {
        List<OllamaSnapshot> polls = polls("26b-ps-until-expiry");
        assertThat(polls).extracting(poll -> poll.server().modelsLoaded()).containsExactly(1L, 0L);
        assertThat(polls.get(0).loadedModels().get(0).expiresAt())
                .isEqualTo(Instant.parse("2026-11-22T05:25:04.994140944Z"));
        assertThat(polls.get(1).metrics().memory()).isEqualTo(new EngineMetrics.Memory(0L, 0L));
    }

    @Test
    void whileAModelIsBusyItsExpiryStandsStill() throws IOException {
        List<OllamaSnapshot> polls = polls("44c-ps-long-on-warm");
        assertThat(polls.get(0).metrics().memory().residentBytes())
                .isEqualTo(135_580_875L + 564_500_888L + 160_222_411L);
        List<Instant> expiries = polls.stream()
                .flatMap(poll -> poll.loadedModels().stream())
                .filter(model -> model.name().equals("smol:latest"))
                .map(LoadedModel::expiresAt)
                .toList();
        assertThat(expiries).isSorted();
        assertThat(expiries.get(0)).isEqualTo(Instant.parse("2026-11-22T05:12:57.436769784Z"));
        assertThat(polls.get(0).loadedModels().get(0).neverExpires()).isTrue();
        Instant pollAtEnd = Instant.parse("2026-11-22T05:12:59.65Z"); // 44 ms before the next distinct answer.
        assertThat(Duration.between(expiries.get(0), pollAtEnd)).isGreaterThan(Duration.ofSeconds(2));
    }

    @Test
    void everyOtherAnswerIsRefused() throws IOException {
        int refused = 0;
        for (Path file : transcripts()) {
            JsonNode body = JSON.readTree(file.toFile()).path("body");
            if (isListOfModels(file) || body.isMissingNode()) {
                continue;
            }
            byte[] answer = JSON.writeValueAsBytes(body);
            assertThat(BACKEND.recognizesJson(answer)).as(file.toString()).isFalse();
            assertThatIOException().as(file.toString()).isThrownBy(() -> OllamaJson.models(answer));
            refused++;
        }
        assertThat(refused).isGreaterThan(20);
    }

    @Test
    void everyListOfModelsIsRecognized() throws IOException {
        int recognized = 0;
        for (Path file : transcripts()) {
            if (isListOfModels(file)) {
                for (byte[] body : bodies(file)) {
                    assertThat(BACKEND.recognizesJson(body)).as(file.toString()).isTrue();
                    recognized++;
                }
            }
        }
        assertThat(recognized).isGreaterThan(15);
    }

    private static List<Path> transcripts() throws IOException {
        try (Stream<Path> files = Files.list(SharedFolder.live("ollama"))) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isListOfModels(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.contains("-ps-") || name.contains("-tags");
    }

    private static List<byte[]> bodies(Path file) throws IOException {
        JsonNode transcript = JSON.readTree(file.toFile());
        List<byte[]> bodies = new ArrayList<>();
        if (transcript.has("body")) {
            bodies.add(JSON.writeValueAsBytes(transcript.get("body")));
        }
        for (JsonNode poll : transcript.path("distinct")) {
            bodies.add(JSON.writeValueAsBytes(poll.get("body")));
        }
        return bodies;
    }

    private static byte[] body(String name) throws IOException {
        List<byte[]> bodies = bodies(SharedFolder.live("ollama").resolve(name + ".json"));
        assertThat(bodies).as(name).hasSize(1);
        return bodies.get(0);
    }

    private static OllamaSnapshot read(String ps) throws IOException {
        return GoldenPage.withoutPage(ps).withAnswer("ps", body(ps)).readBy(BACKEND);
    }

    private static OllamaSnapshot readWith(String ps, String tags) throws IOException {
        return GoldenPage.withoutPage(ps)
                .withAnswer("ps", body(ps))
                .withAnswer("tags", body(tags))
                .withAnswer("version", body("01-version"))
                .readBy(BACKEND);
    }

    private static List<OllamaSnapshot> polls(String name) throws IOException {
        List<OllamaSnapshot> polls = new ArrayList<>();
        for (byte[] body : bodies(SharedFolder.live("ollama").resolve(name + ".json"))) {
            polls.add(GoldenPage.withoutPage(name).withAnswer("ps", body).readBy(BACKEND));
        }
        return polls;
    }

    private static ModelInfo onDisk(String name, long bytes, String digest) {
        return new ModelInfo(name, false, null, null, null, null, bytes, "llama", "134.52M", "Q4_1", digest);
    }
}
