package io.inferometer.kubernetes;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The option by which each engine is told how many requests may run at once. */
final class BatchSize {
    private static final Map<String, List<String>> OPTIONS = Map.of(
            "vllm", List.of("--max-num-seqs"),
            "sglang", List.of("--max-running-requests"),
            "tgi", List.of("--max-batch-size"),
            "llamacpp", List.of("--parallel", "-np"));
    private static final List<String> UNMISTAKABLE = List.of("--max-num-seqs", "--max-running-requests");

    private BatchSize() {}

    static @Nullable Long of(@Nullable String engine, ContainerArguments arguments) {
        List<String> names = engine == null ? UNMISTAKABLE : OPTIONS.getOrDefault(engine, List.of());
        return arguments.count(names.toArray(String[]::new));
    }
}
