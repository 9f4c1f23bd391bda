package io.inferometer.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** An Ollama that is installed here, with a folder of models of its own. */
final class OllamaServer {
    static final String PROGRAM = "ollama";
    private static final Duration STARTING = Duration.ofMinutes(1);
    private static final long CREATING_SECONDS = 120;

    private final Path home;
    private final Map<String, String> environment;
    private final Path log;
    private final String url;

    OllamaServer(Place place) throws IOException {
        home = Files.createTempDirectory(Files.createDirectories(place.work().resolve("ollama")), "home");
        String host = "127.0.0.1:" + EngineProcess.freePort();
        environment = Map.of(
                "OLLAMA_HOST", host,
                "OLLAMA_MODELS", home.resolve("models").toString(),
                "HOME", home.toString());
        log = place.log(PROGRAM);
        url = "http://" + host;
    }

    EngineProcess start() throws IOException, InterruptedException {
        return EngineProcess.start(List.of(PROGRAM, "serve"), environment, log, url, "/api/version", STARTING);
    }

    /** Makes a model of a file. */
    void create(String model, Path gguf) throws IOException, InterruptedException {
        Path modelfile = Files.writeString(home.resolve("Modelfile"), "FROM " + gguf.toAbsolutePath() + "\n");
        ProcessBuilder builder = new ProcessBuilder(PROGRAM, "create", model, "-f", modelfile.toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("create.log").toFile());
        builder.environment().putAll(environment);
        Process creating = builder.start();
        if (!creating.waitFor(CREATING_SECONDS, TimeUnit.SECONDS)) {
            creating.destroyForcibly();
        }
        if (creating.waitFor() != 0) {
            throw new IOException("'ollama create' ended with %d; see %s"
                    .formatted(creating.exitValue(), home.resolve("create.log")));
        }
    }
}
