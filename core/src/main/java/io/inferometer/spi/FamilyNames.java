package io.inferometer.spi;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which spellings of a family's name mean the same family. */
final class FamilyNames {
    private static final String RAY_PREFIX = "ray_";
    private static final String TOTAL = "_total";

    private FamilyNames() {}

    /** {@code vllm:x}, {@code vllm_x}, {@code ray_vllm:x} and {@code ray_vllm_x} are all {@code vllm_x}. */
    static String normalize(String name) {
        String plain = name.replace(':', '_');
        return plain.startsWith(RAY_PREFIX) ? plain.substring(RAY_PREFIX.length()) : plain;
    }

    /** The spellings that are in use, the engine's own first. */
    static List<String> spellings(String family, boolean counter) {
        Set<String> names = new LinkedHashSet<>();
        for (String name : counter ? List.of(family, counterTwin(family)) : List.of(family)) {
            names.add(name);
            names.add(normalize(name));
            names.add(RAY_PREFIX + normalize(name));
        }
        return List.copyOf(names);
    }

    /** The other spelling of a counter: with {@code _total} where it has none, without where it has it. */
    static String counterTwin(String normalized) {
        return normalized.endsWith(TOTAL)
                ? normalized.substring(0, normalized.length() - TOTAL.length())
                : normalized + TOTAL;
    }
}
