package io.inferometer.it.fuzz;

import io.inferometer.backend.ollama.OllamaBackend;
import io.inferometer.backend.ollama.OllamaSnapshot;
import io.inferometer.spi.Scrape;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Whatever Ollama answers is read, or refused as JSON that is none. */
public final class OllamaJson {
    private static final List<String> ENDPOINTS = List.of("ps", "tags", "version");
    private static final URI ENDPOINT = URI.create("http://engine:11434/api/ps");

    private OllamaJson() {}

    /** The target: up to three answers with a line {@code ----} between two, behind a first byte that says nothing. */
    public static void fuzzerTestOneInput(byte[] input) {
        List<byte[]> bodies = FuzzedPage.pages(input, ENDPOINTS.size());
        Map<String, byte[]> answers = new LinkedHashMap<>();
        for (int i = 0; i < bodies.size(); i++) {
            answers.put(ENDPOINTS.get(i), bodies.get(i));
        }
        String first = told(answers);
        String second = told(answers);
        if (!first.equals(second)) {
            throw new AssertionError("Read twice: " + first + "\nand " + second);
        }
    }

    private static String told(Map<String, byte[]> answers) {
        Scrape scrape = new Scrape(
                "ollama", "engine:11434", ENDPOINT, Map.of(), Instant.EPOCH, Duration.ZERO, null, answers, false);
        try {
            OllamaSnapshot snapshot = new OllamaBackend().read(scrape);
            requireNoImpossibleValue(snapshot);
            return snapshot.toString();
        } catch (IOException e) {
            return "refused: " + e.getMessage();
        }
    }

    private static void requireNoImpossibleValue(OllamaSnapshot snapshot) {
        Long resident = snapshot.metrics().memory().residentBytes();
        Long vram = snapshot.metrics().memory().vramBytes();
        if (Objects.requireNonNullElse(resident, 0L) < 0 || Objects.requireNonNullElse(vram, 0L) < 0) {
            throw new AssertionError("Less than nothing: " + snapshot);
        }
    }
}
