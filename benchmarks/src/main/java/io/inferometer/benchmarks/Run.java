package io.inferometer.benchmarks;

import io.inferometer.benchmarks.pages.PageKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Measures and prints one table. {@code benchmarks/run --help} tells the options. */
public final class Run {
    private final List<PageKind> pages = new ArrayList<>();
    private final Set<Way> ways = EnumSet.noneOf(Way.class);
    private @Nullable Path results;
    private @Nullable Path goPeers;
    private boolean quick;

    /** Takes the options of {@code benchmarks/run}. */
    public static void main(String[] arguments) throws IOException {
        Run run = new Run();
        Arrays.stream(arguments).forEach(run::take);
        run.measure();
    }

    private void take(String argument) {
        String value = argument.substring(argument.indexOf('=') + 1);
        switch (argument.replaceFirst("=.*", "")) {
            case "--quick" -> quick = true;
            case "--no-go" -> {} // Is for the script.
            case "--pages" ->
                Arrays.stream(value.split(",", -1)).map(PageKind::of).forEach(pages::add);
            case "--ways" -> Arrays.stream(value.split(",", -1)).map(Run::way).forEach(ways::add);
            case "--results" -> results = Path.of(value);
            case "--go" -> goPeers = Path.of(value);
            default ->
                throw new IllegalArgumentException("No option is called " + argument + "; see benchmarks/run --help.");
        }
    }

    private static Way way(String argument) {
        return Arrays.stream(Way.values())
                .filter(way -> way.argument().equals(argument))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No way is called " + argument + "; found "
                        + Arrays.stream(Way.values()).map(Way::argument).toList()));
    }

    private void measure() throws IOException {
        List<PageKind> chosen = pages.isEmpty() ? List.of(PageKind.values()) : pages;
        Measure.Plan plan =
                quick ? new Measure.Plan(chosen, ways, 1_000, 8, 20) : new Measure.Plan(chosen, ways, 3_000, 20, 25);
        Results measured = new Results(about());
        Path directory = Files.createTempDirectory("inferometer-pages");
        try {
            new Measure(plan, goPeers, directory).into(measured);
        } finally {
            delete(directory);
        }
        if (results != null) {
            Results all = kept(results);
            all.addAll(measured);
            all.write(results);
        }
        System.out.print(Table.of(measured));
    }

    /** What the file holds of other pages, if it was measured on the same machine. */
    private static Results kept(Path file) throws IOException {
        Results old = Files.exists(file) ? Results.read(file) : new Results(about());
        return old.about().equals(about()) ? old : new Results(about());
    }

    private static List<String> about() {
        return List.of(
                "measured: " + LocalDate.now(ZoneOffset.UTC),
                "machine: " + System.getProperty("inferometer.machine", "unknown"),
                "java: " + System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
                "go: " + System.getProperty("inferometer.go", "none"));
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(Run::deleteOne);
        }
    }

    private static void deleteOne(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
