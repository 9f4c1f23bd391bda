package io.inferometer.benchmarks.pages;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** The pages that are measured. */
public enum PageKind {
    /** A small page, more comment than data. */
    LLAMACPP("llama.cpp", "llamacpp"),
    /** 1,025 buckets of one family; all families in another order at each scrape. */
    TGI("TGI, shuffled", "tgi"),
    /** Many labels. */
    SGLANG("SGLang", "sglang"),
    /** Two engines behind one server; about half of the lines change from scrape to scrape. */
    VLLM("vLLM, two engines", "vllm"),
    /** The same with {@code _created} series and those of the HTTP server. */
    VLLM_HTTP("vLLM, _created and HTTP", "vllm"),
    /** The two engines, and one in a hundred lines comes or goes from scrape to scrape. */
    VLLM_CHURN("vLLM, 1 % of lines come and go", "vllm"),
    /** Ten million bytes with timestamps and long ids. */
    LARGE("10 MB, timestamps, 64-hex ids", ""),
    /** The beginning of a page of vLLM. */
    VLLM_1K("vLLM, 1 kB", ""),
    /** The beginning of a page of vLLM. */
    VLLM_10K("vLLM, 10 kB", ""),
    /** Twenty-two engines. */
    VLLM_1M("vLLM, 1 MB", ""),
    /** Two hundred and twenty engines. */
    VLLM_10M("vLLM, 10 MB", "");

    private final String title;
    private final String engine;

    PageKind(String title, String engine) {
        this.title = title;
        this.engine = engine;
    }

    /** What to call it in a table. */
    public String title() {
        return title;
    }

    /** The name of the engine that writes such pages; empty if none does. */
    public String engine() {
        return engine;
    }

    /** The name of its files. */
    public String fileName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Successive scrapes of one engine, the same in every run. */
    public List<Scrape> scrapes(int count) {
        SimulatedEngine engineItself = simulated();
        List<Scrape> scrapes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Scrape whole = engineItself.scrape();
            scrapes.add(
                    switch (this) {
                        case VLLM_1K -> Parts.head(whole, 1_000);
                        case VLLM_10K -> Parts.head(whole, 10_000);
                        case VLLM_CHURN -> Parts.withoutSome(whole, 0.005, new Random(i));
                        default -> whole;
                    });
        }
        return scrapes;
    }

    private SimulatedEngine simulated() {
        return switch (this) {
            case LLAMACPP -> new SimulatedEngine(Dialect.CPP, LlamaCpp.families(), false);
            case TGI -> new SimulatedEngine(Dialect.RUST, Tgi.families(), true);
            case SGLANG -> new SimulatedEngine(Dialect.PYTHON, Sglang.families(), false);
            case VLLM, VLLM_CHURN, VLLM_1K, VLLM_10K -> vllm(2, false);
            case VLLM_HTTP -> vllm(2, true);
            case VLLM_1M -> vllm(22, false);
            case VLLM_10M -> vllm(220, false);
            case LARGE -> new SimulatedEngine(Dialect.PYTHON, Containers.families(), false);
        };
    }

    private static SimulatedEngine vllm(int engines, boolean http) {
        return new SimulatedEngine(Dialect.PYTHON, new Vllm(engines, http).families(http), false);
    }

    /** The kind whose files are called so. */
    public static PageKind of(String fileName) {
        return Arrays.stream(values())
                .filter(kind -> kind.fileName().equals(fileName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "No page is called " + fileName + "; found " + Arrays.toString(values())));
    }
}
