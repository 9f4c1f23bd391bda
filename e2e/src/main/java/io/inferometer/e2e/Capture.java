package io.inferometer.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inferometer.Collectors;
import io.inferometer.snapshot.EngineMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A page of a real engine, read by the library, and the ledger of its client until then.
 *
 * @param name what it is called
 * @param truth the ledger
 * @param metrics what the library says of the page
 */
record Capture(String name, JsonNode truth, EngineMetrics metrics) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Capture read(Path live, String engine, String name) throws IOException {
        Path folder = live.resolve(engine);
        Path page = folder.resolve(name + ".prom");
        if (!Files.exists(page)) {
            page = folder.resolve(name + ".metrics.prom");
        }
        JsonNode truth = JSON.readTree(folder.resolve(name + ".truth.json").toFile());
        try (CaptureServer server =
                new CaptureServer(Map.of("/metrics", Files.readAllBytes(page)), "text/plain; version=0.0.4")) {
            return new Capture(
                    name,
                    truth,
                    Collectors.forEngine(engine).collect(server.url()).metrics());
        }
    }

    JsonNode client() {
        return truth.path("client");
    }

    long client(String field) {
        return client().path(field).asLong();
    }
}
