package io.inferometer.source.prometheus;

import io.inferometer.spi.Metric;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** How a server spells the names of an engine's families: as the engine does, or as what stands in between made of it. */
enum Spelling {
    /** {@code vllm:num_requests_running}. */
    COLON,
    /** {@code vllm_num_requests_running}, where no colon is allowed on the way. */
    UNDERSCORE,
    /** {@code ray_vllm_num_requests_running}, behind Ray. */
    RAY;

    static Spelling of(String name) {
        if (name.startsWith("ray_")) {
            return RAY;
        }
        return name.indexOf(':') >= 0 ? COLON : UNDERSCORE;
    }

    /** Those in which rows may be found, the engine's own first. */
    static Set<Spelling> of(List<Metric<?>> rows) {
        Set<Spelling> found = new LinkedHashSet<>();
        for (Metric<?> row : rows) {
            row.spellings().forEach(names -> names.forEach(name -> found.add(of(name))));
        }
        return found;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
