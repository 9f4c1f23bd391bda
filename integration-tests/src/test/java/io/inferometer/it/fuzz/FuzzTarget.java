package io.inferometer.it.fuzz;

import java.nio.file.Path;
import java.util.Locale;

/** What is fuzzed. */
enum FuzzTarget {
    FULL,
    REPEAT,
    OLLAMA;

    Class<?> type() {
        return switch (this) {
            case FULL -> FullParse.class;
            case REPEAT -> RepeatParse.class;
            case OLLAMA -> OllamaJson.class;
        };
    }

    void read(byte[] input) {
        switch (this) {
            case FULL -> FullParse.fuzzerTestOneInput(input);
            case REPEAT -> RepeatParse.fuzzerTestOneInput(input);
            case OLLAMA -> OllamaJson.fuzzerTestOneInput(input);
        }
    }

    /** The folder of the inputs that are kept in the repository. */
    Path kept() {
        return Path.of("src/test/resources/io/inferometer/it/fuzz", folder());
    }

    /** Where a run leaves what it found. */
    Path found() {
        return Path.of("target/fuzz", folder());
    }

    private String folder() {
        return name().toLowerCase(Locale.ROOT);
    }
}
