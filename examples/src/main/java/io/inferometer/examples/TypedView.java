package io.inferometer.examples;

import io.inferometer.Collectors;
import io.inferometer.backend.vllm.VllmBackend;
import io.inferometer.backend.vllm.VllmSnapshot;
import org.jspecify.annotations.Nullable;

/** The engine's own words have a type of their own. */
final class TypedView {
    private TypedView() {}

    static @Nullable Long preemptions(String url) {
        // region typed-view
        VllmSnapshot vllm = Collectors.forBackend(new VllmBackend()).collect(url);
        // endregion
        return vllm.throughput().numPreemptionsTotal();
    }
}
