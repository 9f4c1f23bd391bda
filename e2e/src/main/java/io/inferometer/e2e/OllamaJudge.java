package io.inferometer.e2e;

import io.inferometer.Collectors;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.ModelInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * An Ollama that is installed here, else the recorded answers of one on a machine without a GPU, whose client asked for
 * one model.
 */
final class OllamaJudge implements Judge {
    /** What the client wrote into its request; the server adds the tag. */
    private static final String ASKED = "smol:latest";

    /** What the client calls it. */
    private static final String MADE = "smol";

    private static final long RESIDENT_MAX = 1_000_000_000;
    private static final Duration UNLOADING = Duration.ofSeconds(30);

    /** The size of the model's file: what is loaded needs that and more. */
    private static final long FILE_BYTES = 98_362_760;

    @Override
    public String name() {
        return "ollama";
    }

    @Override
    public void judge(Place place, Proofs proofs) throws IOException, InterruptedException {
        if (Programs.isOnPath(OllamaServer.PROGRAM)) {
            live(place, proofs.of(name(), Proofs.Witness.LIVE));
        } else {
            recorded(place, proofs);
        }
    }

    /** A model is made, loaded by a request, and unloaded. */
    private static void live(Place place, Facts facts) throws IOException, InterruptedException {
        Path file = LlamaServer.model(place);
        if (!Files.exists(file)) {
            facts.skip("ollama", "it has no model; e2e/run llamacpp fetches one");
            return;
        }
        OllamaServer server = new OllamaServer(place);
        try (EngineProcess engine = server.start();
                EngineClient client = new EngineClient(engine.url())) {
            EngineMetrics fresh = metrics(engine);
            facts.always("fresh", "models", "none was made", List.of(), names(fresh));
            facts.same(
                    "fresh",
                    "memory.resident_bytes",
                    "none is loaded",
                    0,
                    fresh.memory().residentBytes());
            server.create(MADE, file);
            EngineMetrics made = metrics(engine);
            facts.that(
                    "made", "models", "the one", ASKED, names(made), names(made).equals(List.of(ASKED)));
            facts.same(
                    "made",
                    "memory.resident_bytes",
                    "none is loaded",
                    0,
                    made.memory().residentBytes());
            client.ask(generate("5m"));
            memory(metrics(engine), Files.size(file), facts);
            client.ask(generate("0"));
            EngineMetrics unloaded = Eventually.get(
                    () -> metrics(engine),
                    now -> Long.valueOf(0).equals(now.memory().residentBytes()),
                    UNLOADING);
            facts.same(
                    "unloaded",
                    "memory.resident_bytes",
                    "none is loaded",
                    0,
                    unloaded.memory().residentBytes());
        } catch (EngineProcess.NotStartedException e) {
            e.tell(facts, "ollama");
        }
    }

    private static Ask generate(String keepAlive) {
        return new Ask(
                "generate",
                "/api/generate",
                Map.of(
                        "model",
                        MADE,
                        "prompt",
                        "The quick brown fox",
                        "stream",
                        false,
                        "keep_alive",
                        keepAlive,
                        "options",
                        Map.of("num_predict", 8)));
    }

    private static EngineMetrics metrics(EngineProcess engine) {
        return Collectors.forEngine("ollama").collect(engine.url()).metrics();
    }

    private static void memory(EngineMetrics loaded, long fileBytes, Facts facts) {
        Long resident = loaded.memory().residentBytes();
        facts.that(
                "loaded",
                "memory.resident_bytes",
                "the model's file and its context, below " + RESIDENT_MAX,
                "> " + fileBytes,
                resident,
                resident != null && resident > fileBytes && resident < RESIDENT_MAX);
        Long video = loaded.memory().vramBytes();
        if (Long.valueOf(0).equals(video)) {
            facts.same("loaded", "memory.vram_bytes", "there is no GPU, so this proves nothing", 0, video);
        } else {
            facts.that(
                    "loaded",
                    "memory.vram_bytes",
                    "a part of what it takes in all",
                    "1.." + resident,
                    video,
                    video != null && resident != null && video > 0 && video <= resident);
        }
    }

    private void recorded(Place place, Proofs proofs) throws IOException {
        Path recorded = place.shared().resolve("live").resolve("ollama");
        if (!Files.isDirectory(recorded)) {
            proofs.skip(name(), recorded + " is not there; set INFEROMETER_SHARED to the folder that holds live/");
            return;
        }
        Facts facts = proofs.of(name(), Proofs.Witness.CAPTURE);
        proofs.skip(
                name(), "no 'ollama' is on the PATH; its recorded answers are judged. https://ollama.com installs it");
        EngineMetrics idle = read(recorded, "03-ps-empty", "02-tags-empty");
        facts.that(
                "fresh",
                "models",
                "none was pulled",
                List.of(),
                names(idle),
                names(idle).isEmpty());
        facts.same(
                "fresh",
                "memory.vram_bytes",
                "nothing is loaded",
                0,
                idle.memory().vramBytes());
        facts.same(
                "fresh",
                "memory.resident_bytes",
                "nothing is loaded",
                0,
                idle.memory().residentBytes());
        EngineMetrics loaded = read(recorded, "14-ps-loaded", "09-tags");
        List<String> names = names(loaded);
        facts.that(
                "loaded",
                "models",
                "the one that was asked for, first; those that were pulled",
                List.of(ASKED, "tmol:135m"),
                names,
                names.equals(List.of(ASKED, "tmol:135m")));
        memory(loaded, FILE_BYTES, facts);
    }

    private static EngineMetrics read(Path recorded, String running, String pulled) throws IOException {
        Map<String, byte[]> pages = Map.of(
                "/api/version", body(recorded, "01-version"),
                "/api/ps", body(recorded, running),
                "/api/tags", body(recorded, pulled));
        try (CaptureServer server = new CaptureServer(pages, "application/json; charset=utf-8")) {
            return Collectors.forEngine("ollama").collect(server.url()).metrics();
        }
    }

    /** What came after the headers. */
    private static byte[] body(Path recorded, String name) throws IOException {
        String answer = Files.readString(recorded.resolve(name + ".resp"));
        return answer.substring(answer.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> names(EngineMetrics metrics) {
        return metrics.models().stream().map(ModelInfo::name).toList();
    }
}
