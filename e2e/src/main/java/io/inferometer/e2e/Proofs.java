package io.inferometer.e2e;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What was judged of each engine, and by what kind of witness, kept in a file that the support table reads.
 *
 * <p>A run replaces what the file says of the engines and witnesses that it judged, and leaves the rest. One that had to
 * skip something replaces only what it judged.
 */
final class Proofs {
    private static final String HEAD = """
            # Which common field of which engine was held against a client's ledger, and on what.
            # Written by e2e/run; not by hand. engine, witness (live or capture), field.
            """;

    /** What the library was held against. */
    enum Witness {
        /** An engine that ran while it was judged. */
        LIVE,
        /** What an engine once said, with the ledger of the client of that time. */
        CAPTURE
    }

    private record Key(String engine, Witness witness) {
        String text() {
            return engine + " " + witness.name().toLowerCase(Locale.ROOT);
        }
    }

    private final PrintStream out;
    private final Map<Key, Facts> judged = new LinkedHashMap<>();

    Proofs(PrintStream out) {
        this.out = out;
    }

    /** The facts of one engine. */
    Facts of(String engine, Witness witness) {
        return judged.computeIfAbsent(new Key(engine, witness), key -> new Facts(out));
    }

    /** Something that cannot be judged here at all. */
    void skip(String what, String why) {
        of(what, Witness.LIVE).skip(what, why);
    }

    long failed() {
        return judged.values().stream().mapToLong(Facts::failed).sum();
    }

    long passed() {
        return judged.values().stream().mapToLong(Facts::passed).sum();
    }

    long skipped() {
        return judged.values().stream().mapToLong(Facts::skipped).sum();
    }

    /** The facts that do not hold, a line each: of a log that one of them quotes, the first. */
    List<String> failures() {
        return lines(facts ->
                facts.failures().stream().flatMap(fact -> fact.line().lines().limit(1)));
    }

    /** The fields that were judged and are not proven by it, a line for each engine. */
    List<String> unproven() {
        return lines(facts ->
                facts.unprovenFields().isEmpty() ? Stream.of() : Stream.of(String.join(", ", facts.unprovenFields())));
    }

    /** What passed, failed and was skipped, a line for each engine. */
    List<String> counts() {
        return lines(facts -> Stream.of(
                "%d passed, %d failed, %d skipped".formatted(facts.passed(), facts.failed(), facts.skipped())));
    }

    private List<String> lines(Function<Facts, Stream<String>> what) {
        return judged.entrySet().stream()
                .flatMap(entry -> what.apply(entry.getValue())
                        .map(line -> "%-20s %s".formatted(entry.getKey().text(), line)))
                .toList();
    }

    /** Writes what was proven over what a file said of the same engines and witnesses. */
    void writeOver(Path file) throws IOException {
        Set<String> lines = new TreeSet<>(Files.exists(file) ? linesOf(file) : List.of());
        judged.forEach((key, facts) -> {
            if (facts.passed() > 0) {
                String head = key.engine() + "\t" + key.witness().name().toLowerCase(Locale.ROOT) + "\t";
                if (facts.skipped() == 0) {
                    lines.removeIf(line -> line.startsWith(head));
                } else {
                    facts.failedFields().forEach(field -> lines.remove(head + field));
                }
                facts.provenFields().forEach(field -> lines.add(head + field));
            }
        });
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, HEAD + String.join("\n", lines) + "\n");
    }

    private static List<String> linesOf(Path file) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.removeIf(line -> line.startsWith("#") || line.isBlank());
        return lines;
    }
}
