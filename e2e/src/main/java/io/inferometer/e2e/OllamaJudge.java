package io.inferometer.e2e;

import io.inferometer.Collectors;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.ModelInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The recorded answers of an Ollama on a machine without a GPU, whose client asked for one model. */
final class OllamaJudge implements Judge {
    /** What the client wrote into its request; the server adds the tag. */
    private static final String ASKED = "smol:latest";

    /** The size of the model's file: what is loaded needs that and more. */
    private static final long FILE_BYTES = 98_362_760;

    @Override
    public String name() {
        return "ollama";
    }

    @Override
    public void judge(Place place, Proofs proofs) throws IOException {
        Path recorded = place.shared().resolve("live").resolve("ollama");
        if (!Files.isDirectory(recorded)) {
            proofs.skip(name(), recorded + " is not there; set INFEROMETER_SHARED to the folder that holds live/");
            return;
        }
        Facts facts = proofs.of(name(), Proofs.Witness.CAPTURE);
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
        facts.same(
                "loaded",
                "memory.vram_bytes",
                "there is no GPU",
                0,
                loaded.memory().vramBytes());
        Long resident = loaded.memory().residentBytes();
        facts.that(
                "loaded",
                "memory.resident_bytes",
                "the model's file and its context, below 1 GB",
                "> " + FILE_BYTES,
                resident,
                resident != null && resident > FILE_BYTES && resident < 1_000_000_000);
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
