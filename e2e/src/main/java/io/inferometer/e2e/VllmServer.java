package io.inferometer.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
    private static final Duration STARTING = Duration.ofMinutes(12);

    static Path python(Place place) {
        return place.work().resolve("vllm/bin/python");
    }

    Path log(Place place) {
        return place.log("vllm-" + name);
    }

    EngineProcess start(Place place) throws IOException, InterruptedException {
        Path python = python(place);
        if (!Files.isExecutable(python)) {
            throw new EngineProcess.NotStartedException(
                    "%s is not there; e2e/run vllm fetches it".formatted(python), true);
        }
        List<String> command = new ArrayList<>(List.of(
                python.toString(),
                place.work().resolveSibling("models").resolve("serve.py").toString(),
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
        return EngineProcess.start(command, environment(), log(place), "http://127.0.0.1:" + port, "/health", STARTING);
    }

    private static Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>(Map.of(
                "PYTHONDONTWRITEBYTECODE", "", // Else each start compiles all of PyTorch and vLLM anew.
                "HF_HUB_OFFLINE", "1",
                "VLLM_NO_USAGE_STATS", "1",
                "VLLM_CPU_KVCACHE_SPACE", "1",
                "VLLM_CPU_OMP_THREADS_BIND", "nobind",
                "OMP_NUM_THREADS", "1", // More wait for each other where the machine has other things to do.
                "VLLM_SERVER_DEV_MODE", "1"));
        String allocator = System.getenv().getOrDefault("E2E_TCMALLOC", ""); // Where e2e/run found it.
        if (!allocator.isEmpty()) {
            environment.put("LD_PRELOAD", allocator);
        }
        return environment;
    }
}
