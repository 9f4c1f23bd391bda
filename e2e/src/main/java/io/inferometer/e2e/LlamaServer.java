package io.inferometer.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How a llama-server is started here: two slots and a small model.
 *
 * @param name what its log is called
 * @param port where it listens
 */
record LlamaServer(String name, int port) {
    static final String MODEL = "smol";
    static final int SLOTS = 2;

    /** Tokens of all slots together. */
    private static final int CONTEXT = 4096;

    /**
     * Each open request keeps one of them until its answer is whole. By default there are four more than slots, so that
     * {@code /metrics} waits behind the sixth request until one of them ends.
     */
    private static final String HTTP_THREADS = "24";

    private static final Duration STARTING = Duration.ofMinutes(2);

    private static Path home(Place place) {
        return place.work().resolve("llamacpp");
    }

    static Path model(Place place) {
        return home(place).resolve("model.gguf");
    }

    static boolean isThere(Place place) {
        return Files.isExecutable(server(place)) && Files.exists(model(place));
    }

    private static Path server(Place place) {
        return home(place).resolve("bin/llama-server");
    }

    EngineProcess start(Place place) throws IOException, InterruptedException {
        if (!isThere(place)) {
            throw new EngineProcess.NotStartedException(
                    "%s is not there; e2e/run llamacpp fetches it".formatted(server(place)), true);
        }
        return EngineProcess.start(
                List.of(
                        server(place).toString(),
                        "-m",
                        model(place).toString(),
                        "--alias",
                        MODEL,
                        "--metrics",
                        "--slots",
                        "-np",
                        String.valueOf(SLOTS),
                        "-c",
                        String.valueOf(CONTEXT),
                        "-t",
                        "1", // More wait for each other where the machine has other things to do.
                        "--threads-http",
                        HTTP_THREADS,
                        "--host",
                        "127.0.0.1",
                        "--port",
                        String.valueOf(port)),
                Map.of("LD_LIBRARY_PATH", home(place).resolve("bin").toString()),
                place.log(name),
                "http://127.0.0.1:" + port,
                "/health",
                STARTING);
    }
}
