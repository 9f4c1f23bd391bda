package io.inferometer.collect;

import io.inferometer.spi.Page;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whose families begin how, for errors that name the engine which was found instead. */
final class KnownEngines {
    private static final Map<String, String> BY_PREFIX = new LinkedHashMap<>();

    static {
        BY_PREFIX.put("vllm_", "vllm");
        BY_PREFIX.put("tgi_", "tgi");
        BY_PREFIX.put("sglang_", "sglang");
        BY_PREFIX.put("llamacpp_", "llamacpp");
        BY_PREFIX.put("ollama_", "ollama");
        BY_PREFIX.put("lmdeploy_", "lmdeploy");
        BY_PREFIX.put("trtllm_", "trtllm");
        BY_PREFIX.put("nv_", "triton");
        BY_PREFIX.put("te_", "tei");
        BY_PREFIX.put("dynamo_", "dynamo");
        BY_PREFIX.put("aphrodite_", "aphrodite");
        BY_PREFIX.put("smg_", "smg");
        BY_PREFIX.put("sgl_router_", "sgl-router");
    }

    private KnownEngines() {}

    /** The engines whose families stand on the page. */
    static List<String> on(Page page) {
        return BY_PREFIX.entrySet().stream()
                .filter(entry -> page.hasNamesWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }
}
