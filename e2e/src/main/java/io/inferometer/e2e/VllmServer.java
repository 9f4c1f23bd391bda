package io.inferometer.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How a vLLM is started here: on the CPU, with a model of no sense, whose tokens are bytes.
 *
 * @param name what its log is called
 * @param model the folder of its model
 * @param port where it listens
 * @param flags what is added to the usual ones
 */
record VllmServer(String name, String model, int port, List<String> flags) {
    static final String MODEL = "tiny";
    private static final Duration STARTING = Duration.ofMinutes(6);

    static Path python(Place place) {
        return place.work().resolve("vllm/bin/python");
    }

    EngineProcess start(Place place) throws IOException, InterruptedException {
        Path python = python(place);
        if (!Files.isExecutable(python)) {
            throw new EngineProcess.NotStartedException(
                    "%s is not there; e2e/run vllm fetches it".formatted(python), true);
        }
        List<String> command = new ArrayList<>(List.of(
                python.toString(),
                "-m",
                "vllm.entrypoints.openai.api_server",
                "--model",
                place.work().resolve("models").resolve(model).toString(),
                "--served-model-name",
                MODEL,
                "--load-format",
                "dummy",
                "--enforce-eager",
                "--enable-prompt-tokens-details",
                "--host",
                "127.0.0.1",
                "--port",
                String.valueOf(port)));
        command.addAll(flags);
        return EngineProcess.start(
                command,
                Map.of(
                        "HF_HUB_OFFLINE", "1",
                        "VLLM_NO_USAGE_STATS", "1",
                        "VLLM_CPU_KVCACHE_SPACE", "1",
                        "VLLM_CPU_OMP_THREADS_BIND", "nobind",
                        "VLLM_SERVER_DEV_MODE", "1"),
                place.log("vllm-" + name),
                "http://127.0.0.1:" + port,
                "/health",
                STARTING);
    }
}
