package io.inferometer.exporter;

import io.inferometer.spi.CommonField;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * How well it is known that an engine's field means what its name says: the best witness that {@code e2e/run} held it
 * against, as the file tells that such runs write. Immutable.
 */
final class SupportMarks {
    private static final String FILE = "proofs.tsv";
    private static final String CATALOG = "catalog";

    private final Set<List<String>> proofs;

    private SupportMarks(Set<List<String>> proofs) {
        this.proofs = Set.copyOf(proofs);
    }

    static SupportMarks load() {
        try (InputStream in = Objects.requireNonNull(SupportMarks.class.getResourceAsStream(FILE), FILE)) {
            return of(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The marks that lines of the file say: engine, witness and field, with tabs between them. */
    static SupportMarks of(List<String> lines) {
        Set<List<String>> proofs = new HashSet<>();
        lines.stream().filter(line -> !line.startsWith("#")).forEach(line -> proofs.add(List.of(line.split("\t"))));
        return new SupportMarks(proofs);
    }

    /** {@code live}, {@code capture} or {@code catalog}. */
    String of(String engine, CommonField field) {
        for (String witness : List.of("live", "capture")) {
            if (proofs.contains(List.of(engine, witness, field.path()))) {
                return witness;
            }
        }
        return CATALOG;
    }
}
